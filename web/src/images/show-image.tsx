import { Image } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../ui/button.js';
import styles from './show-image.module.css';
import { showImagesOf } from './use-foreign-host.js';

export interface ShowImageProps {
  host: string;
  /** Whose or which image it is, for screen readers: it stands before the host. */
  label?: string;
  onShow?: () => void;
}

/** Stands where an image of another host would be: the host learns of nobody who has not asked for it. */
export function ShowImage({ host, label, onShow }: ShowImageProps) {
  const { t } = useTranslation();
  const show = (): void => {
    onShow?.();
    showImagesOf(host);
  };
  return (
    <span className={styles.place}>
      <span className={styles.host}>{t('ui.imageFrom', { host })}</span>
      <Button size="small" icon={<Image size={16} aria-hidden />} onPress={show} {...(label !== undefined && { 'aria-label': `${t('ui.showImage')}: ${label}, ${host}` })}>
        {t('ui.showImage')}
      </Button>
    </span>
  );
}
