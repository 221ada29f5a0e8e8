import { useUser } from '@atrium/client/react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Redirect, useSearch } from 'wouter';
import { nextOf } from '../shell/paths.js';
import { FrontPage } from './front-page.js';

/** The page around the forms of sign-in and sign-up; whoever is signed in goes on to the wanted page. */
export function AuthLayout({ title, below, children }: { title: string; below: ReactNode; children: ReactNode }) {
  const { t } = useTranslation();
  const user = useUser();
  const search = useSearch();
  if (user) return <Redirect to={nextOf(search)} replace />;
  return (
    <FrontPage title={title} tagline={t('auth.tagline')} below={below}>
      {children}
    </FrontPage>
  );
}
