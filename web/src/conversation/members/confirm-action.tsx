import type { Member } from '@atrium/client';
import { useTranslation } from 'react-i18next';
import { ConfirmDialog } from '../../ui/confirm-dialog.js';
import type { MemberAction } from './member-actions.js';

export type ConfirmedAction = 'handOver' | 'kick' | 'ban' | 'block';

/** What cannot be taken back so easily is asked about first. */
export function needsConfirmation(action: MemberAction): action is ConfirmedAction {
  return action === 'handOver' || action === 'kick' || action === 'ban' || action === 'block';
}

export interface ConfirmActionProps {
  readonly action: ConfirmedAction;
  readonly member: Member;
  readonly onClose: () => void;
  readonly onConfirm: () => Promise<void>;
}

export function ConfirmAction({ action, member, onClose, onConfirm }: ConfirmActionProps) {
  const { t } = useTranslation();
  return (
    <ConfirmDialog
      title={t(`conversation.people.${action}Title`, { name: member.user.displayName })}
      text={t(`conversation.people.${action}Text`)}
      confirmLabel={t(`conversation.people.${action}Do`)}
      isDanger={action !== 'handOver'}
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      onConfirm={onConfirm}
    />
  );
}
