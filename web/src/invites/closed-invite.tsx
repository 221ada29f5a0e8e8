import type { AtriumError } from '@atrium/client';
import { useUser } from '@atrium/client/react';
import { Hourglass, Unlink, UserCheck } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { FrontPage } from '../auth/front-page.js';
import { paths } from '../shell/paths.js';
import { Banner } from '../ui/banner.js';
import { Button } from '../ui/button.js';
import { EmptyState } from '../ui/empty-state.js';
import { closedBecause } from './closed-because.js';
import { useAccept } from './use-accept.js';

const ICONS = { expired: Hourglass, used: UserCheck, unknown: Unlink };

/** A link that opens nothing any more, or never did: why, and what one can do. Whoever has used it up may still go where it led. */
export function ClosedInvite({ token, error: refusal }: { token: string; error: AtriumError }) {
  const { t } = useTranslation();
  const isSignedIn = useUser() !== null;
  const [, navigate] = useLocation();
  const { accept, isPending, error } = useAccept(token);
  const reason = closedBecause(refusal);
  const Icon = ICONS[reason];
  const action =
    reason === 'used' && isSignedIn ? (
      <Button isPending={isPending} onPress={() => void accept()}>
        {t('invites.openUsed')}
      </Button>
    ) : (
      <Button onPress={() => navigate(paths.home)}>{t('invites.toHome')}</Button>
    );
  return (
    <FrontPage title={t('invites.title')} tagline={t('auth.tagline')}>
      <EmptyState icon={<Icon size={22} />} title={t(`invites.closed.${reason}`)} text={t(`invites.closedText.${reason}`)} action={action} />
      {error !== null && <Banner kind="danger">{t('invites.notIn')}</Banner>}
    </FrontPage>
  );
}
