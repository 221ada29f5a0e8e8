import { usePageUsers, useUser } from '@atrium/client/react';
import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { Avatar } from '../../ui/avatar.js';
import { classes } from '../../ui/classes.js';
import { Tooltip } from '../../ui/tooltip.js';
import { useEditor } from '../editor.js';
import { personColour } from '../state/person-colour.js';
import styles from './header.module.css';

const MAX_SHOWN = 4;

/** Who is on the page now, in the colours of their cursors. */
export function People() {
  const { t } = useTranslation();
  const { page } = useEditor();
  const users = usePageUsers(page);
  const ownId = useUser()?.id;
  const more = users.slice(MAX_SHOWN);
  return (
    <ul className={styles.people} aria-label={t('editor.people')}>
      {users.slice(0, MAX_SHOWN).map(({ userId, username, displayName, avatarUrl }) => (
        <li key={userId} data-own={userId === ownId || undefined}>
          <Tooltip text={displayName || username}>
            <Button className={classes(styles.person, personColour(userId))} aria-label={displayName || username}>
              <Avatar id={userId} name={displayName || username} url={avatarUrl} size={26} />
            </Button>
          </Tooltip>
        </li>
      ))}
      {more.length > 0 && (
        <li className={styles.more} title={more.map(({ displayName, username }) => displayName || username).join(', ')}>
          <span aria-hidden>+{more.length}</span>
          <span className={styles.hidden}>{t('editor.others', { count: more.length })}</span>
        </li>
      )}
    </ul>
  );
}
