import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { paths, withNext } from '../shell/paths.js';
import { Button } from '../ui/button.js';
import styles from './setup.module.css';

/** Whoever is to become the administrator needs an account first, and comes back with it. */
export function SetupSignIn() {
  const { t } = useTranslation();
  const [, navigate] = useLocation();
  return (
    <div className={styles.setup}>
      <p>{t('setup.signInFirst')}</p>
      <Button variant="primary" isFullWidth onPress={() => navigate(withNext(paths.signUp, paths.setup))}>
        {t('auth.signUp')}
      </Button>
      <Button isFullWidth onPress={() => navigate(withNext(paths.signIn, paths.setup))}>
        {t('auth.signIn')}
      </Button>
    </div>
  );
}
