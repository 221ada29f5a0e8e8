import { ImageOff } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { textOf } from '../../components/props.js';
import { imageUrl } from '../../components/safe-url.js';
import type { ShapeProps } from './shape.js';
import styles from './shapes.module.css';

export function ImageShape({ component: { props }, box }: ShapeProps) {
  const { t } = useTranslation();
  const src = textOf(props, 'src');
  const alt = textOf(props, 'alt');
  const url = imageUrl(src);
  const [brokenUrl, setBrokenUrl] = useState<string | null>(null);
  const isShown = url !== null && url !== brokenUrl;
  return (
    <div {...box} className={styles.image}>
      {isShown ? (
        <img src={url} alt={alt} loading="lazy" decoding="async" referrerPolicy="no-referrer" draggable={false} onError={() => setBrokenUrl(url)} />
      ) : (
        <span className={styles.noImage}>
          <ImageOff size={18} aria-hidden />
          {alt || t(src === '' ? 'editor.noImage' : url === null ? 'editor.badImage' : 'editor.brokenImage')}
        </span>
      )}
    </div>
  );
}
