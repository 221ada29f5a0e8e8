import { Search, X } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../ui/icon-button.js';
import { TextField } from '../ui/text-field.js';
import { AccountMenu } from './account-menu.js';
import styles from './list-sidebar.module.css';

export interface ListSidebarProps {
  title: string;
  /** How to get more. */
  actions: ReactNode;
  searchLabel: string;
  query: string;
  onQueryChange: (query: string) => void;
  /** A `LinkList`, or why there is none. */
  children: ReactNode;
}

/** The list of an area, how to find something in it, and how to get more. */
export function ListSidebar({ title, actions, searchLabel, query, onQueryChange, children }: ListSidebarProps) {
  const { t } = useTranslation();
  const list = useRef<HTMLElement>(null);
  const enterList = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && query !== '') return onQueryChange('');
    if (event.key !== 'ArrowDown' && event.key !== 'Enter') return;
    const stop = list.current?.querySelector<HTMLElement>('[data-row][tabindex="0"]');
    event.preventDefault();
    if (event.key === 'ArrowDown') stop?.focus();
    else if (query.trim() !== '') stop?.click();
  };
  return (
    <nav ref={list} aria-label={title} className={styles.sidebar}>
      <header className={styles.header}>
        <span className={styles.phoneOnly}>
          <AccountMenu placement="bottom start" />
        </span>
        <h2 className={styles.title}>{title}</h2>
        {actions}
      </header>
      <div className={styles.search} onKeyDown={enterList}>
        <TextField
          type="search"
          label={searchLabel}
          isLabelHidden
          placeholder={searchLabel}
          value={query}
          onChange={onQueryChange}
          icon={<Search size={16} aria-hidden />}
          maxLength={80}
          autoComplete="off"
          end={
            query !== '' && (
              <IconButton label={t('ui.clear')} size="small" onPress={() => onQueryChange('')}>
                <X size={14} aria-hidden />
              </IconButton>
            )
          }
        />
      </div>
      {children}
    </nav>
  );
}
