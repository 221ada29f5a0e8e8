import type { CreatedInvite } from '@atrium/client';
import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { copy } from '../ui/copy.js';
import { IconButton } from '../ui/icon-button.js';
import { TextField } from '../ui/text-field.js';
import { useToast } from '../ui/toast.js';

/** A link that was just made. Nobody can read it again later: only a hash of it is kept. */
export function NewLink({ invite }: { invite: CreatedInvite }) {
  const { t } = useTranslation();
  const toast = useToast();
  const [isCopied, setCopied] = useState(false);
  const take = async (): Promise<void> => {
    try {
      await copy(invite.url);
      setCopied(true);
      toast.show(t('invites.copied'), { kind: 'success' });
    } catch {
      toast.show(t('invites.copyFailed'), { kind: 'error' });
    }
  };
  return (
    <TextField
      label={t('invites.newLink')}
      description={t('invites.newLinkHint')}
      value={invite.url}
      isReadOnly
      autoFocus
      onFocus={(event) => (event.target).select()}
      end={
        <IconButton label={t('invites.copy')} size="small" onPress={() => void take()}>
          {isCopied ? <Check size={16} aria-hidden /> : <Copy size={16} aria-hidden />}
        </IconButton>
      }
    />
  );
}
