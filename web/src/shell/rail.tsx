import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import { useUnread } from '../rooms/use-unread.js';
import { Badge } from '../ui/badge.js';
import { Mark } from '../ui/mark.js';
import { AccountMenu } from './account-menu.js';
import { AREAS } from './areas.js';
import styles from './rail.module.css';

/** The areas, at the very left; on phones at the bottom. */
export function Rail() {
  const { t } = useTranslation();
  const [path] = useLocation();
  const unread = useUnread();
  return (
    <div className={styles.rail}>
      <div className={styles.mark}>
        <Mark size={28} />
      </div>
      <nav aria-label={t('shell.areas')}>
        <ul className={styles.areas}>
          {AREAS.map(({ id, href, icon: Icon, isAt }) => (
            <li key={id}>
              <Link href={href} className={styles.area} aria-current={isAt(path) ? 'page' : undefined}>
                <Icon size={20} aria-hidden />
                <span>{t(`shell.${id}`)}</span>
                {/* In the list of rooms each of them says it itself. */}
                {id === 'chat' && !isAt(path) && (
                  <span className={styles.badge}>
                    <Badge count={unread} label={t('rooms.unread', { count: unread })} />
                  </span>
                )}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <div className={styles.account}>
        <AccountMenu placement="right bottom" />
      </div>
    </div>
  );
}
