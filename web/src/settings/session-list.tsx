import { type Session, unwrap } from '@atrium/client';
import { useClient } from '@atrium/client/react';
import { Monitor, Smartphone } from 'lucide-react';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { errorText } from '../i18n/error-text.js';
import { Button } from '../ui/button.js';
import { ErrorState } from '../ui/error-state.js';
import { formatRelative } from '../ui/format.js';
import { Skeleton } from '../ui/skeleton.js';
import { useToast } from '../ui/toast.js';
import { useAsync } from '../ui/use-async.js';
import { deviceName, isPhone } from './device-name.js';
import styles from './settings.module.css';

/** Where one is signed in, with a way to end it. */
export function SessionList() {
  const { t } = useTranslation();
  const client = useClient();
  const load = useCallback(async () => (await unwrap(client.rest.GET('/api/v1/auth/sessions'))).items, [client]);
  const { value: sessions, error, reload } = useAsync(load);
  if (error !== null) return <ErrorState message={errorText(t, error)} onRetry={reload} />;
  if (sessions === null) return <Skeleton height="3rem" />;
  return (
    <ul>
      {sessions.map((session) => (
        <SessionRow key={session.id} session={session} onEnded={reload} />
      ))}
    </ul>
  );
}

function SessionRow({ session, onEnded }: { session: Session; onEnded: () => void }) {
  const { t, i18n } = useTranslation();
  const client = useClient();
  const toast = useToast();
  const [isPending, setPending] = useState(false);
  const device = deviceName(session.userAgent) ?? t('settings.sessionUnknown');
  const Icon = isPhone(session.userAgent) ? Smartphone : Monitor;
  const end = async (): Promise<void> => {
    setPending(true);
    try {
      await unwrap(client.rest.DELETE('/api/v1/auth/sessions/{id}', { params: { path: { id: session.id } } }));
      toast.show(t('settings.revoked'), { kind: 'success' });
      onEnded();
    } catch (error) {
      toast.show(errorText(t, error), { kind: 'error' });
      setPending(false);
    }
  };
  return (
    <li className={styles.session}>
      <Icon size={20} aria-hidden />
      <span className={styles.words}>
        <span className={styles.name}>{device}</span>
        <span className={styles.detail}>
          {[session.ip, t('settings.sessionUsed', { when: formatRelative(session.lastUsedAt, i18n.language) })].filter(Boolean).join(' · ')}
        </span>
      </span>
      {session.current ? (
        <span className={styles.current}>{t('settings.sessionCurrent')}</span>
      ) : (
        <Button size="small" isPending={isPending} aria-label={t('settings.revokeLabel', { device })} onPress={() => void end()}>
          {t('settings.revoke')}
        </Button>
      )}
    </li>
  );
}
