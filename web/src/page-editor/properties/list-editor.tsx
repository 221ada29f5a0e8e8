import { Plus, X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.js';
import { IconButton } from '../../ui/icon-button.js';
import { LiveTextField } from './live-text-field.js';
import styles from './property-panel.module.css';

interface ListEditorProps {
  label: string;
  items: readonly string[];
  onChange: (items: string[]) => void;
  isReadOnly: boolean;
}

/** A list of words, one below the other. Enter adds one. */
export function ListEditor({ label, items, onChange, isReadOnly }: ListEditorProps) {
  const { t } = useTranslation();
  const list = useRef<HTMLUListElement>(null);
  const focusAt = useRef<number | null>(null);
  useEffect(() => {
    if (focusAt.current === null) return;
    list.current?.querySelectorAll('input')[focusAt.current]?.focus();
    focusAt.current = null;
  }, [items]);
  const insert = (at: number): void => {
    focusAt.current = at;
    onChange(items.toSpliced(at, 0, ''));
  };
  const key = (event: KeyboardEvent, at: number): void => {
    if (event.key !== 'Enter' || event.nativeEvent.isComposing || isReadOnly) return;
    event.preventDefault();
    insert(at + 1);
  };
  return (
    <fieldset className={styles.group}>
      <legend className={styles.legend}>{label}</legend>
      <ul ref={list} className={styles.list}>
        {items.map((item, at) => {
          const name = t('editor.optionNamed', { number: at + 1 });
          return (
            <li key={at} onKeyDown={(event) => key(event, at)}>
              <LiveTextField
                label={name}
                isLabelHidden
                value={item}
                onChange={(text) => onChange(items.with(at, text))}
                isReadOnly={isReadOnly}
                end={
                  !isReadOnly && (
                    <IconButton label={t('editor.removeNamed', { name })} size="small" onPress={() => onChange(items.toSpliced(at, 1))}>
                      <X size={14} aria-hidden />
                    </IconButton>
                  )
                }
              />
            </li>
          );
        })}
      </ul>
      {!isReadOnly && (
        <Button size="small" icon={<Plus size={14} aria-hidden />} onPress={() => insert(items.length)}>
          {t('editor.addOption')}
        </Button>
      )}
    </fieldset>
  );
}
