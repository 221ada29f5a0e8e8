import { TextField, type TextFieldProps } from '../../ui/text-field.js';
import { useWholeCharacters } from '../state/use-whole-characters.js';

interface LiveTextFieldProps extends Omit<TextFieldProps, 'value' | 'onChange'> {
  value: string;
  onChange: (text: string) => void;
}

/** A text of one line whose every letter is on the page at once. */
export function LiveTextField({ value, onChange, ...props }: LiveTextFieldProps) {
  return <TextField {...props} {...useWholeCharacters({ value, onChange })} />;
}
