import { canOnPage, type PageSummary } from '@atrium/client';
import { Copy, EllipsisVertical, LogOut, Pencil, Share2, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useDialogs } from '../shell/dialogs.js';
import { IconButton, type IconButtonProps } from '../ui/icon-button.js';
import { Menu, MenuItem, MenuSeparator } from '../ui/menu.js';
import { useDuplicate } from './use-duplicate.js';

/** What has to be known of a page to offer what can be done with it. */
export type PageRef = Pick<PageSummary, 'pageId' | 'title' | 'role'>;

export interface PageMenuProps extends Pick<IconButtonProps, 'size' | 'excludeFromTabOrder'> {
  page: PageRef;
}

/** What can be done with a page as a whole. */
export function PageMenu({ page, size = 'medium', excludeFromTabOrder = false }: PageMenuProps) {
  const { t } = useTranslation();
  const dialogs = useDialogs();
  const duplicate = useDuplicate();
  const label = t('pages.menu', { title: page.title });
  const trigger = (
    <IconButton label={label} size={size} tooltipPlacement="left" excludeFromTabOrder={excludeFromTabOrder}>
      <EllipsisVertical size={size === 'small' ? 16 : 20} aria-hidden />
    </IconButton>
  );
  return (
    <Menu trigger={trigger} label={label}>
      <MenuItem icon={<Share2 size={16} aria-hidden />} onAction={() => dialogs.open({ kind: 'share-page', page })}>
        {canOnPage(page.role, 'document:invite') ? t('pages.share') : t('pages.members')}
      </MenuItem>
      {canOnPage(page.role, 'document:rename') && (
        <MenuItem icon={<Pencil size={16} aria-hidden />} onAction={() => dialogs.open({ kind: 'rename-page', page })}>
          {t('pages.rename')}
        </MenuItem>
      )}
      <MenuItem icon={<Copy size={16} aria-hidden />} onAction={() => void duplicate(page)}>
        {t('pages.duplicate')}
      </MenuItem>
      <MenuSeparator />
      {canOnPage(page.role, 'document:delete') ? (
        <MenuItem icon={<Trash2 size={16} aria-hidden />} isDanger onAction={() => dialogs.open({ kind: 'delete-page', page })}>
          {t('pages.delete')}
        </MenuItem>
      ) : (
        <MenuItem icon={<LogOut size={16} aria-hidden />} isDanger onAction={() => dialogs.open({ kind: 'leave-page', page })}>
          {t('pages.leave')}
        </MenuItem>
      )}
    </Menu>
  );
}
