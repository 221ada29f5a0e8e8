import { Search } from 'lucide-react';
import type { ReactNode } from 'react';
import { Autocomplete, Header, Input, ListBox, ListBoxItem, ListBoxSection, SearchField } from 'react-aria-components';
import styles from './picker.module.css';
import { Spinner } from './spinner.js';

export interface PickerItem {
  id: string;
  /** Its name, also for those who hear it. */
  name: string;
  detail?: string;
  avatar: ReactNode;
}

export interface PickerProps {
  label: string;
  placeholder: string;
  query: string;
  onQueryChange: (query: string) => void;
  sections: readonly { id: string; title?: string; items: readonly PickerItem[] }[];
  onPick: (id: string, sectionId: string) => void;
  /** Escape, whatever is written. */
  onClose: () => void;
  isLoading?: boolean;
  /** For when there is nothing to pick. */
  empty: ReactNode;
}

/** A search field over a list. The focus stays in the field; ↑ and ↓ move in the list, Enter picks. */
export function Picker({ label, placeholder, query, onQueryChange, sections, onPick, onClose, isLoading = false, empty }: PickerProps) {
  const shown = sections.filter(({ items }) => items.length > 0);
  return (
    <Autocomplete inputValue={query} onInputChange={onQueryChange}>
      {/* Before the field, which would take Escape to empty itself. */}
      <div role="presentation" onKeyDownCapture={(event) => event.key === 'Escape' && !event.nativeEvent.isComposing && onClose()}>
        <SearchField className={styles.search ?? ''} aria-label={label} autoFocus>
          {isLoading ? <Spinner /> : <Search size={16} aria-hidden />}
          <Input className={styles.input ?? ''} placeholder={placeholder} />
        </SearchField>
      </div>
      <div role="group" aria-label={label} tabIndex={0} className={styles.scroller}>
        <ListBox
          className={styles.list ?? ''}
          aria-label={label}
          renderEmptyState={() => empty}
          onAction={(key) => {
            const [sectionId = '', id = ''] = String(key).split(':');
            onPick(id, sectionId);
          }}
        >
          {shown.map((section) => (
            <ListBoxSection key={section.id} id={section.id} aria-label={section.title ?? label}>
              {section.title !== undefined && <Header className={styles.header}>{section.title}</Header>}
              {section.items.map((item) => (
                <ListBoxItem key={item.id} id={`${section.id}:${item.id}`} textValue={item.name} className={styles.item ?? ''}>
                  {item.avatar}
                  <span className={styles.name}>{item.name}</span>
                  {item.detail !== undefined && <span className={styles.detail}>{item.detail}</span>}
                </ListBoxItem>
              ))}
            </ListBoxSection>
          ))}
        </ListBox>
      </div>
    </Autocomplete>
  );
}
