import { useRef } from 'react';
import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { ADDABLE, type Addable, COMPONENT_TYPES } from './components/component-types.js';
import { followPress } from './drag/drag-session.js';
import { useStillWhileDragging } from './drag/use-drop-zone.js';
import { useEditor } from './editor.js';
import styles from './palette.module.css';

/** What can be put on the page: by a press behind the selection, or dragged to its place. */
export function Palette() {
  const { t } = useTranslation();
  const list = useRef<HTMLUListElement>(null);
  useStillWhileDragging(list);
  return (
    <ul ref={list} className={styles.palette} aria-label={t('editor.add')} title={t('editor.addHint')}>
      {ADDABLE.map((type) => (
        <Item key={type} type={type} />
      ))}
    </ul>
  );
}

function Item({ type }: { type: Addable }) {
  const { t } = useTranslation();
  const editor = useEditor();
  const Icon = COMPONENT_TYPES[type].icon;
  const name = t(`editor.type.${type}`);
  return (
    <li className={styles.place} onPointerDownCapture={(event) => followPress(editor, event, () => ({ kind: 'new', type }))}>
      <Button className={styles.item ?? ''} aria-label={t('editor.addNamed', { name })} onPress={() => editor.commands.add(type)}>
        <Icon size={14} aria-hidden />
        <span className={styles.name}>{name}</span>
      </Button>
    </li>
  );
}
