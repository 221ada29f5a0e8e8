import { ArrowLeft } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { IconButton } from '../ui/icon-button.js';
import styles from './back-button.module.css';
import { paths } from './paths.js';

/** From a conversation to the list of rooms: on phones only, where they are two screens. */
export function BackButton() {
  const { t } = useTranslation();
  const [, navigate] = useLocation();
  return (
    <span className={styles.phoneOnly}>
      <IconButton label={t('shell.backToRooms')} onPress={() => navigate(paths.home)}>
        <ArrowLeft size={20} aria-hidden />
      </IconButton>
    </span>
  );
}
