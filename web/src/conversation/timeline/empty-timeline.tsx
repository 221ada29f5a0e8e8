import { MessageCircle } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../../ui/empty-state.js';

export function EmptyTimeline({ roomName, isDirect }: { roomName: string; isDirect: boolean }) {
  const { t } = useTranslation();
  return (
    <EmptyState
      icon={<MessageCircle size={22} />}
      title={t('conversation.timeline.empty')}
      text={isDirect ? t('conversation.timeline.emptyDirect', { name: roomName }) : t('conversation.timeline.emptyHint')}
    />
  );
}
