import { AtriumProvider } from '@atrium/client/react';
import { lazy, Suspense } from 'react';
import { I18nProvider } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { Route, Router, Switch } from 'wouter';
import { Connected } from './auth/connected.js';
import { RequireSignIn } from './auth/require-sign-in.js';
import { client } from './client.js';
import { basePath } from './shell/base-path.js';
import { BrokenPage } from './shell/broken-page.js';
import { ErrorBoundary } from './shell/error-boundary.js';
import { LoadingPage } from './shell/loading-page.js';
import { paths } from './shell/paths.js';
import { ToastProvider } from './ui/toast.js';

const SignInPage = lazy(async () => ({ default: (await import('./auth/sign-in-page.js')).SignInPage }));
const SignUpPage = lazy(async () => ({ default: (await import('./auth/sign-up-page.js')).SignUpPage }));
const InvitePage = lazy(async () => ({ default: (await import('./invites/invite-page.js')).InvitePage }));
const SetupPage = lazy(async () => ({ default: (await import('./setup/setup-page.js')).SetupPage }));
const loadShell = () => import('./shell/shell.js');
const Shell = lazy(async () => ({ default: (await loadShell()).Shell }));

/** Who is signed in will need the shell: it need not wait for the first rendering. */
if (client.auth.user.get()) void loadShell().catch(() => undefined);

export function App() {
  const { i18n } = useTranslation();
  return (
    <ErrorBoundary fallback={<BrokenPage />}>
      <AtriumProvider client={client}>
        <I18nProvider locale={i18n.language}>
          <ToastProvider>
            <Connected />
            <Router base={basePath}>
              <Suspense fallback={<LoadingPage />}>
                <Switch>
                  <Route path={paths.signIn} component={SignInPage} />
                  <Route path={paths.signUp} component={SignUpPage} />
                  <Route path={paths.invite}>{({ token }) => <InvitePage key={token} token={token} />}</Route>
                  <Route path={paths.setup} component={SetupPage} />
                  <Route>
                    <RequireSignIn>
                      <Shell />
                    </RequireSignIn>
                  </Route>
                </Switch>
              </Suspense>
            </Router>
          </ToastProvider>
        </I18nProvider>
      </AtriumProvider>
    </ErrorBoundary>
  );
}
