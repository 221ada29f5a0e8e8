import { type ReactNode, useState } from 'react';
import { useForeignHost } from '../images/use-foreign-host.js';
import { hueOf, initialsOf } from './avatar-initials.js';
import styles from './avatar.module.css';
import { classes } from './classes.js';

export interface AvatarProps {
  /** The colour follows from it, for ever the same. */
  id: string;
  name: string;
  url?: string | null | undefined;
  /** In pixels. */
  size?: number;
  isOnline?: boolean;
  /** Instead of initials. */
  icon?: ReactNode;
  /** The reader's own picture, from wherever. */
  isOwn?: boolean;
  /** For what is not a person. */
  isSquare?: boolean;
}

/** Beside a name, and therefore silent. A picture of another host is shown once somebody has asked for that host's images. */
export function Avatar({ id, name, url = null, size = 36, isOnline = false, icon, isOwn = false, isSquare = false }: AvatarProps) {
  const [brokenUrl, setBrokenUrl] = useState<string | null>(null);
  const foreignHost = useForeignHost(url);
  const isImage = url !== null && url !== brokenUrl && (isOwn || foreignHost === null);
  return (
    <span className={classes(styles.avatar, isSquare && styles.square)} style={{ width: size, height: size, fontSize: Math.round(size * 0.38) }} aria-hidden>
      <span className={classes(styles.face, !isImage && styles[`hue${hueOf(id)}`])}>
        {isImage ? (
          <img src={url} alt="" width={size} height={size} loading="lazy" decoding="async" referrerPolicy="no-referrer" draggable={false} onError={() => setBrokenUrl(url)} />
        ) : (
          (icon ?? <span data-initials={initialsOf(name)} />)
        )}
      </span>
      {isOnline && <span className={styles.online} />}
    </span>
  );
}
