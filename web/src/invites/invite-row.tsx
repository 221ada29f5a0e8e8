import type { Invite } from '@atrium/client';
import { useClient } from '@atrium/client/react';
import { Link2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { errorText } from '../i18n/error-text.js';
import { Button } from '../ui/button.js';
import { formatRelative } from '../ui/format.js';
import { useToast } from '../ui/toast.js';
import styles from './invite-links.module.css';

/** A link that lets people in, as those see it who may take it back. */
export function InviteRow({ invite, roleName, onRevoked }: { invite: Invite; roleName: string; onRevoked: () => void }) {
  const { t, i18n } = useTranslation();
  const { pages } = useClient();
  const toast = useToast();
  const [isPending, setPending] = useState(false);
  const { uses, maxUses, createdBy } = invite;
  const revoke = async (): Promise<void> => {
    setPending(true);
    try {
      await pages.revokeInvite(invite.id);
      toast.show(t('invites.revoked'), { kind: 'success' });
      onRevoked();
    } catch (error) {
      setPending(false);
      toast.show(errorText(t, error), { kind: 'error' });
    }
  };
  return (
    <li className={styles.row}>
      <Link2 size={18} aria-hidden />
      <span className={styles.words}>
        <span className={styles.name}>
          {roleName} · {maxUses === null ? t('invites.used', { count: uses }) : t('invites.usedOf', { uses, count: maxUses })}
        </span>
        <span className={styles.detail}>
          {t('invites.expires', { when: formatRelative(invite.expiresAt, i18n.language) })}
          {createdBy && ` · ${t('invites.by', { name: createdBy.displayName })}`}
        </span>
      </span>
      <Button size="small" isPending={isPending} aria-label={t('invites.revokeNamed', { role: roleName })} onPress={() => void revoke()}>
        {t('invites.revoke')}
      </Button>
    </li>
  );
}
