import type { ReactNode } from 'react';
import { Tab, TabList, TabPanel, Tabs as AriaTabs } from 'react-aria-components';
import styles from './tabs.module.css';

export interface TabsProps {
  /** What the tabs are about, for those who cannot see their place. */
  label: string;
  /** The first one, unless it is said. */
  initial?: string;
  tabs: readonly { id: string; label: string; content: ReactNode }[];
}

export function Tabs({ label, initial, tabs }: TabsProps) {
  return (
    <AriaTabs className={styles.tabs ?? ''} defaultSelectedKey={initial ?? tabs[0]?.id}>
      <TabList aria-label={label} className={styles.list ?? ''}>
        {tabs.map((tab) => (
          <Tab key={tab.id} id={tab.id} className={styles.tab ?? ''}>
            {tab.label}
          </Tab>
        ))}
      </TabList>
      {tabs.map((tab) => (
        <TabPanel key={tab.id} id={tab.id} className={styles.panel ?? ''}>
          {tab.content}
        </TabPanel>
      ))}
    </AriaTabs>
  );
}
