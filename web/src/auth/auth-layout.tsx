import { useUser } from '@atrium/client/react';
import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Redirect, useSearch } from 'wouter';
import { nextOf } from '../shell/paths.js';
import { Mark } from '../ui/mark.js';
import styles from './auth-layout.module.css';
import { LanguageLinks } from './language-links.js';

/** The page around the forms of sign-in and sign-up; whoever is signed in goes on to the wanted page. */
export function AuthLayout({ title, below, children }: { title: string; below: ReactNode; children: ReactNode }) {
  const { t } = useTranslation();
  const user = useUser();
  const search = useSearch();
  useEffect(() => {
    document.title = `${title} – Atrium`;
  }, [title]);
  if (user) return <Redirect to={nextOf(search)} replace />;
  return (
    <div className={styles.page}>
      <main className={styles.main}>
        <header className={styles.header}>
          <Mark size={40} />
          <h1 className={styles.title}>{title}</h1>
          <p className={styles.tagline}>{t('auth.tagline')}</p>
        </header>
        <div className={styles.card}>{children}</div>
        <p className={styles.below}>{below}</p>
      </main>
      <footer className={styles.footer}>
        <LanguageLinks />
      </footer>
    </div>
  );
}
