import { useUser } from '@atrium/client/react';
import { CircleCheck, Hourglass, KeyRound, ShieldCheck, Unlink } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { FrontPage } from '../auth/front-page.js';
import { paths } from '../shell/paths.js';
import { Button } from '../ui/button.js';
import { EmptyState } from '../ui/empty-state.js';
import { ClaimForm } from './claim-form.js';
import type { ClaimOutcome } from './claim-outcome.js';
import { SetupSignIn } from './setup-sign-in.js';
import { takeSetupToken } from './setup-token.js';

const ICONS = { done: CircleCheck, used: KeyRound, expired: Hourglass, taken: ShieldCheck, unknown: Unlink };

/** Where a server that has no administrator yet gets its first one, by the link that it prints when it starts. */
export function SetupPage() {
  const { t } = useTranslation();
  const user = useUser();
  const [, navigate] = useLocation();
  const [token] = useState(takeSetupToken);
  const [outcome, setOutcome] = useState<ClaimOutcome | null>(token !== null ? null : user?.isAdmin ? 'done' : 'unknown');
  const Icon = outcome && ICONS[outcome];
  return (
    <FrontPage title={t('setup.title')} tagline={outcome === null ? t('setup.tagline') : t('auth.tagline')}>
      {Icon ? (
        <div role={outcome === 'done' ? 'status' : 'alert'}>
          <EmptyState icon={<Icon size={22} />} title={t(`setup.outcome.${outcome}`)} text={t(`setup.outcomeText.${outcome}`)} action={<Button onPress={() => navigate(paths.home)}>{t('setup.toHome')}</Button>} />
        </div>
      ) : user ? (
        <ClaimForm token={token!} user={user} onOutcome={setOutcome} />
      ) : (
        <SetupSignIn />
      )}
    </FrontPage>
  );
}
