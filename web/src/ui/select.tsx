import { Check, ChevronDown } from 'lucide-react';
import { Button, Label, ListBox, ListBoxItem, Popover, Select as AriaSelect, SelectValue, Text } from 'react-aria-components';
import { classes } from './classes.js';
import field from './field.module.css';
import menu from './menu.module.css';
import styles from './select.module.css';

export interface SelectProps<T extends string> {
  label: string;
  description?: string;
  options: readonly { id: T; label: string }[];
  value: T;
  onChange: (value: T) => void;
  isDisabled?: boolean;
  isLabelHidden?: boolean;
}

/** One of a few. */
export function Select<T extends string>({ label, description, options, value, onChange, isDisabled = false, isLabelHidden = false }: SelectProps<T>) {
  return (
    <AriaSelect
      className={field.field ?? ''}
      value={value}
      onChange={(key) => onChange(key as T)}
      isDisabled={isDisabled}
      {...(isLabelHidden && { 'aria-label': label })}
    >
      {!isLabelHidden && <Label className={field.label}>{label}</Label>}
      <Button className={classes(field.control, styles.button)}>
        <SelectValue className={styles.value ?? ''} />
        <ChevronDown size={16} aria-hidden />
      </Button>
      {description !== undefined && (
        <Text slot="description" className={field.description}>
          {description}
        </Text>
      )}
      <Popover className={classes(menu.popover, styles.popover)}>
        <ListBox className={menu.menu ?? ''} items={options}>
          {(option) => (
            <ListBoxItem id={option.id} textValue={option.label} className={menu.item ?? ''}>
              {({ isSelected }) => (
                <>
                  <span className={menu.text}>{option.label}</span>
                  {isSelected && <Check size={16} aria-hidden />}
                </>
              )}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}
