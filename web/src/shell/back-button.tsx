import { ArrowLeft } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { IconButton } from '../ui/icon-button.js';
import { areaOf } from './areas.js';
import styles from './back-button.module.css';

/** From what is open to the list of its area: on phones only, where they are two screens. */
export function BackButton() {
  const { t } = useTranslation();
  const [path, navigate] = useLocation();
  const { id, href } = areaOf(path);
  return (
    <span className={styles.phoneOnly}>
      <IconButton label={t(`shell.backTo.${id}`)} onPress={() => navigate(href)}>
        <ArrowLeft size={20} aria-hidden />
      </IconButton>
    </span>
  );
}
