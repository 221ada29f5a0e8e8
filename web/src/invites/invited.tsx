import type { InvitePreview } from '@atrium/client';
import { LayoutTemplate } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Avatar } from '../ui/avatar.js';
import { formatRelative } from '../ui/format.js';
import styles from './invite-page.module.css';

/** Who invites to what, and as what. */
export function Invited({ preview: { kind, name, role, invitedBy, expiresAt } }: { preview: InvitePreview }) {
  const { t, i18n } = useTranslation();
  const target = name ?? t('invites.unnamed');
  return (
    <div className={styles.invited}>
      <Avatar id={target} name={target} size={64} isSquare icon={kind === 'page' ? <LayoutTemplate aria-hidden /> : undefined} />
      <p className={styles.by}>{invitedBy ? t(`invites.invitesYou.${kind}`, { name: invitedBy.displayName }) : t(`invites.youAreInvited.${kind}`)}</p>
      <h2 className={styles.name}>
        <bdi>{target}</bdi>
      </h2>
      <p className={styles.detail}>{t(`invites.as.${role}`)}</p>
      <p className={styles.detail}>
        {t('invites.expires', { when: formatRelative(expiresAt, i18n.language) })}
      </p>
    </div>
  );
}
