import type { CreatedInvite, Invite } from '@atrium/client';
import { Link2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { errorText } from '../i18n/error-text.js';
import { Button } from '../ui/button.js';
import { EmptyState } from '../ui/empty-state.js';
import { ErrorState } from '../ui/error-state.js';
import { Spinner } from '../ui/spinner.js';
import { usePages } from '../ui/use-pages.js';
import { InviteForm } from './invite-form.js';
import styles from './invite-links.module.css';
import { InviteRow } from './invite-row.js';
import type { InviteSource } from './invite-source.js';
import { NewLink } from './new-link.js';

/** Makes links that let people in, and lists those that still do. Keep `source` with `useMemo`. */
export function InviteLinks<R extends string>({ source }: { source: InviteSource<R> }) {
  const { t } = useTranslation();
  const { items, error, isLoading, hasMore, loadMore, reload } = usePages<Invite>(source.list);
  const [created, setCreated] = useState<CreatedInvite | null>(null);
  const roleNames = new Map<string, string>(source.roles.map(({ id, label }) => [id, label]));
  const take = (invite: CreatedInvite): void => {
    setCreated(invite);
    reload();
  };
  const forget = (id: string): void => {
    if (created?.id === id) setCreated(null);
    reload();
  };
  return (
    <div className={styles.links}>
      <InviteForm source={source} onCreated={take} />
      {created && <NewLink key={created.id} invite={created} />}
      <section className={styles.section} aria-label={t('invites.links')} aria-busy={isLoading}>
        <h3 className={styles.heading}>{t('invites.links')}</h3>
        {items === null && isLoading && <Spinner label={t('ui.loading')} />}
        {error !== null && <ErrorState message={errorText(t, error)} onRetry={items === null ? reload : loadMore} />}
        {items?.length === 0 && <EmptyState icon={<Link2 size={22} />} title={t('invites.none')} text={t('invites.noneText')} />}
        {items !== null && items.length > 0 && (
          <ul>
            {items.map((invite) => (
              <InviteRow key={invite.id} invite={invite} roleName={roleNames.get(invite.role) ?? invite.role} onRevoked={() => forget(invite.id)} />
            ))}
          </ul>
        )}
        {hasMore && (
          <Button size="small" isPending={isLoading} onPress={loadMore}>
            {t('invites.loadMore')}
          </Button>
        )}
      </section>
    </div>
  );
}
