import { usePageUsers } from '@atrium/client/react';
import { PenLine } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { classes } from '../../ui/classes.js';
import { type TextPlace, useEditor } from '../editor.js';
import { personColour } from '../state/person-colour.js';
import { usePart } from '../state/use-part.js';
import { userName } from '../state/user-name.js';
import styles from './property-panel.module.css';

/** Who else is writing into this text. */
export function WritersHere({ place: { id, prop } }: { place: TextPlace }) {
  const { t } = useTranslation();
  const { page } = useEditor();
  const users = usePageUsers(page);
  const userIds = usePart(page.cursors, (cursors) => [...new Set(cursors.flatMap(({ editing, userId }) => (editing && String(editing.componentId) === id && editing.prop === prop ? userId : [])))].join(' '));
  if (userIds === '') return null;
  return (
    <ul className={styles.writers}>
      {userIds.split(' ').map((userId) => (
        <li key={userId} className={classes(styles.writer, personColour(userId))}>
          <PenLine size={12} aria-hidden />
          {t('editor.isWriting', { name: userName(users, userId) })}
        </li>
      ))}
    </ul>
  );
}
