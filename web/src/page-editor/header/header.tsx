import type { PageState } from '@atrium/client';
import { CircleQuestionMark, Eye, History, PanelLeftClose, PanelLeftOpen, Redo2, Share2, Undo2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { PageMenu } from '../../pages/page-menu.js';
import { BackButton } from '../../shell/back-button.js';
import { useDialogs } from '../../shell/dialogs.js';
import { usePageListPanel } from '../../shell/page-list-panel.js';
import { Button } from '../../ui/button.js';
import { IconButton } from '../../ui/icon-button.js';
import { useCanEdit, useEditor } from '../editor.js';
import { usePart } from '../state/use-part.js';
import styles from './header.module.css';
import { PageTitle } from './page-title.js';
import { People } from './people.js';
import { SavedMark } from './saved-mark.js';

export interface HeaderProps {
  readonly state: PageState;
  readonly isHistoryOpen: boolean;
  readonly onHistory: () => void;
  readonly onPreview: () => void;
  readonly onHelp: () => void;
}

/** Which page this is, who is on it, whether it is saved, and what one can do with it as a whole. */
export function Header({ state, isHistoryOpen, onHistory, onPreview, onHelp }: HeaderProps) {
  const { t } = useTranslation();
  const canEdit = useCanEdit();
  const dialogs = useDialogs();
  return (
    <header className={styles.header}>
      <BackButton />
      <ListToggle />
      <div className={styles.words}>
        <PageTitle key={state.pageId} state={state} />
        <SavedMark />
      </div>
      <People />
      {canEdit && <Reversing />}
      <span className={styles.wideOnly}>
        <IconButton label={t('editor.help')} onPress={onHelp}>
          <CircleQuestionMark size={18} aria-hidden />
        </IconButton>
      </span>
      <IconButton label={t('editor.preview.title')} onPress={onPreview}>
        <Eye size={18} aria-hidden />
      </IconButton>
      <IconButton label={t('editor.history.title')} onPress={onHistory} aria-pressed={isHistoryOpen}>
        <History size={18} aria-hidden />
      </IconButton>
      {state.role === 'owner' && (
        <span className={styles.wideOnly}>
          <Button size="small" icon={<Share2 size={14} aria-hidden />} onPress={() => dialogs.open({ kind: 'share-page', page: state })}>
            {t('editor.share')}
          </Button>
        </span>
      )}
      <PageMenu page={state} />
    </header>
  );
}

/** Shows and hides the list of pages; on phones it is a screen of its own. */
function ListToggle() {
  const { t } = useTranslation();
  const [isOpen, setOpen] = usePageListPanel();
  const Icon = isOpen ? PanelLeftClose : PanelLeftOpen;
  return (
    <span className={styles.wideOnly}>
      <IconButton label={t(isOpen ? 'editor.hideList' : 'editor.showList')} onPress={() => setOpen(!isOpen)}>
        <Icon size={18} aria-hidden />
      </IconButton>
    </span>
  );
}

function Reversing() {
  const { t } = useTranslation();
  const { page, commands } = useEditor();
  const canUndo = usePart(page.view, (view) => view?.canUndo ?? false);
  const canRedo = usePart(page.view, (view) => view?.canRedo ?? false);
  return (
    <span className={styles.pair}>
      <IconButton label={t('editor.undo')} isDisabled={!canUndo} onPress={() => commands.reverse('undo')}>
        <Undo2 size={18} aria-hidden />
      </IconButton>
      <IconButton label={t('editor.redo')} isDisabled={!canRedo} onPress={() => commands.reverse('redo')}>
        <Redo2 size={18} aria-hidden />
      </IconButton>
    </span>
  );
}
