import { usePageUsers } from '@atrium/client/react';
import { useTranslation } from 'react-i18next';
import { VisuallyHidden } from '../../ui/visually-hidden.js';
import { classes } from '../../ui/classes.js';
import { useEditor } from '../editor.js';
import { personColour } from '../state/person-colour.js';
import { usePart } from '../state/use-part.js';
import { userName } from '../state/user-name.js';
import styles from './component-tree.module.css';

/** Who else has this component selected. */
export function OthersHere({ id }: { id: string }) {
  const { page } = useEditor();
  const userIds = usePart(page.cursors, (cursors) => [...new Set(cursors.filter(({ selection }) => selection?.some((each) => String(each) === id)).map(({ userId }) => userId))].join(' '));
  return userIds === '' ? null : <Dots userIds={userIds.split(' ')} />;
}

function Dots({ userIds }: { userIds: readonly string[] }) {
  const { t } = useTranslation();
  const { page } = useEditor();
  const users = usePageUsers(page);
  return userIds.map((userId) => (
    <span key={userId} className={classes(styles.dot, personColour(userId))} title={userName(users, userId)}>
      <VisuallyHidden>{t('editor.selectedBy', { name: userName(users, userId) })}</VisuallyHidden>
    </span>
  ));
}
