import { Label, TextArea, TextField } from 'react-aria-components';
import field from '../../ui/field.module.css';
import { classes } from '../../ui/classes.js';
import { type SharedText, useSharedText } from '../text/use-shared-text.js';
import styles from './property-panel.module.css';
import { WritersHere } from './writers-here.js';

interface TextAreaFieldProps extends SharedText {
  label: string;
  isReadOnly: boolean;
  placeholder: string | undefined;
}

/** A text of several lines whose every letter is on the page at once. */
export function TextAreaField({ label, placeholder, isReadOnly, ...shared }: TextAreaFieldProps) {
  const { value, onChange, ref, keeper } = useSharedText(shared);
  return (
    <>
      <TextField value={value} onChange={onChange} isReadOnly={isReadOnly} className={field.field ?? ''}>
        <Label className={field.label}>{label}</Label>
        <div className={field.control}>
          <TextArea ref={ref} className={classes(field.input, styles.area)} rows={3} placeholder={placeholder} />
        </div>
      </TextField>
      {keeper}
      {shared.place && <WritersHere place={shared.place} />}
    </>
  );
}
