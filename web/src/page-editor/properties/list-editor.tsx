import { Plus, X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.js';
import { IconButton } from '../../ui/icon-button.js';
import { listOf } from '../components/props.js';
import { useEditor } from '../editor.js';
import { insertItem, removeItem, writeItem } from '../state/list-patches.js';
import { useItemKeys } from '../text/item-keys.js';
import { LiveTextField } from './live-text-field.js';
import styles from './property-panel.module.css';

interface ListEditorProps {
  label: string;
  /** Of the component. */
  id: string;
  prop: string;
  items: readonly string[];
  isReadOnly: boolean;
}

/** A list of words, one below the other. Enter adds one. */
export function ListEditor({ label, id, prop, items, isReadOnly }: ListEditorProps) {
  const { t } = useTranslation();
  const { commands } = useEditor();
  const keys = useItemKeys(items);
  const list = useRef<HTMLUListElement>(null);
  const focusAt = useRef<number | null>(null);
  useEffect(() => {
    if (focusAt.current === null) return;
    list.current?.querySelectorAll('input')[focusAt.current]?.focus();
    focusAt.current = null;
  }, [items]);
  const insert = (at: number): void => {
    focusAt.current = at;
    commands.patchProps(id, (props) => insertItem(id, props, prop, at));
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
            <li key={keys[at]} onKeyDown={(event) => key(event, at)}>
              <LiveTextField
                label={name}
                isLabelHidden
                text={item}
                write={(change) => commands.patchProps(id, (props) => writeItem(id, props, prop, at, change(listOf(props, prop)[at])), `${prop} ${at}`)}
                isReadOnly={isReadOnly}
                end={
                  !isReadOnly && (
                    <IconButton label={t('editor.removeNamed', { name })} size="small" onPress={() => commands.patchProps(id, (props) => removeItem(id, props, prop, at))}>
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
