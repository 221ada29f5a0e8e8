import { type ReactNode, useEffect } from 'react';
import { Mark } from '../ui/mark.js';
import styles from './front-page.module.css';
import { LanguageLinks } from './language-links.js';

export interface FrontPageProps {
  title: string;
  tagline: string;
  /** Under the card. */
  below?: ReactNode;
  children: ReactNode;
}

/** A page outside of the shell: one card, with its heading. */
export function FrontPage({ title, tagline, below, children }: FrontPageProps) {
  useEffect(() => {
    document.title = `${title} – Atrium`;
  }, [title]);
  return (
    <div className={styles.page}>
      <main className={styles.main}>
        <header className={styles.header}>
          <Mark size={40} />
          <h1 className={styles.title}>{title}</h1>
          <p className={styles.tagline}>{tagline}</p>
        </header>
        <div className={styles.card}>{children}</div>
        {below && <p className={styles.below}>{below}</p>}
      </main>
      <footer className={styles.footer}>
        <LanguageLinks />
      </footer>
    </div>
  );
}
