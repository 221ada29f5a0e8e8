import { MessagesSquare } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../ui/empty-state.js';
import { commandKey } from './use-shortcut.js';
import { useIsNew, Welcome } from './welcome.js';

/** Beside the list of rooms, before one is chosen. */
export function NothingOpen() {
  const { t } = useTranslation();
  const isNew = useIsNew();
  if (isNew) return <Welcome />;
  return <EmptyState icon={<MessagesSquare size={22} />} title={t('shell.noRoomTitle')} text={t('shell.noRoomText', { keys: commandKey('K') })} />;
}
