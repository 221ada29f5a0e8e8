import type { CreatedInvite } from '@atrium/client';
import { Link2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { errorText } from '../i18n/error-text.js';
import { Banner } from '../ui/banner.js';
import { Button } from '../ui/button.js';
import { Select } from '../ui/select.js';
import { EXPIRIES, EXPIRY_SECONDS, type Expiry, maxUsesOf, type Uses, USES } from './choices.js';
import styles from './invite-links.module.css';
import type { InviteSource } from './invite-source.js';

/** As what, for how long and how often a new link lets people in. */
export function InviteForm<R extends string>({ source, onCreated }: { source: InviteSource<R>; onCreated: (invite: CreatedInvite) => void }) {
  const { t } = useTranslation();
  const [role, setRole] = useState<R>(source.roles[0]!.id);
  const [expiry, setExpiry] = useState<Expiry>('week');
  const [uses, setUses] = useState<Uses>('any');
  const [isPending, setPending] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const create = async (): Promise<void> => {
    setPending(true);
    setError(null);
    try {
      onCreated(await source.create({ role, expiresIn: EXPIRY_SECONDS[expiry], maxUses: maxUsesOf(uses) }));
    } catch (reason) {
      setError(reason);
    } finally {
      setPending(false);
    }
  };
  return (
    <div className={styles.form}>
      <p className={styles.hint}>{t('invites.hint')}</p>
      <div className={styles.choices}>
        <Select label={t('invites.role')} options={source.roles} value={role} onChange={setRole} />
        <Select label={t('invites.expiry')} options={EXPIRIES.map((id) => ({ id, label: t(`invites.after.${id}`) }))} value={expiry} onChange={setExpiry} />
        <Select label={t('invites.maxUses')} options={USES.map((id) => ({ id, label: id === 'any' ? t('invites.anyUses') : t('invites.uses', { count: Number(id) }) }))} value={uses} onChange={setUses} />
      </div>
      {error !== null && <Banner kind="danger">{errorText(t, error)}</Banner>}
      <Button variant="primary" icon={<Link2 size={16} aria-hidden />} isPending={isPending} onPress={() => void create()}>
        {t('invites.create')}
      </Button>
    </div>
  );
}
