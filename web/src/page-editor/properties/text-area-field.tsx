import { Label, TextArea, TextField } from 'react-aria-components';
import field from '../../ui/field.module.css';
import { classes } from '../../ui/classes.js';
import { useWholeCharacters } from '../state/use-whole-characters.js';
import styles from './property-panel.module.css';

interface TextAreaFieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  isReadOnly: boolean;
  placeholder: string | undefined;
}

/** A text of several lines whose every letter is on the page at once. */
export function TextAreaField({ label, placeholder, isReadOnly, ...typed }: TextAreaFieldProps) {
  return (
    <TextField {...useWholeCharacters(typed)} isReadOnly={isReadOnly} className={field.field ?? ''}>
      <Label className={field.label}>{label}</Label>
      <div className={field.control}>
        <TextArea className={classes(field.input, styles.area)} rows={3} placeholder={placeholder} />
      </div>
    </TextField>
  );
}
