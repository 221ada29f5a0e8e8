import { TextField, type TextFieldProps } from '../../ui/text-field.js';
import { type SharedText, useSharedText } from '../text/use-shared-text.js';
import { WritersHere } from './writers-here.js';

type LiveTextFieldProps = Omit<TextFieldProps, 'value' | 'onChange' | 'inputRef'> & SharedText;

/** A text of one line whose every letter is on the page at once. */
export function LiveTextField({ text, write, place, ...props }: LiveTextFieldProps) {
  const { value, onChange, ref, keeper } = useSharedText({ text, write, place });
  return (
    <>
      <TextField {...props} value={value} onChange={onChange} inputRef={ref} />
      {keeper}
      {place && <WritersHere place={place} />}
    </>
  );
}
