import { useTranslation } from 'react-i18next';
import { useDialogs } from '../shell/dialogs.js';
import { classes } from '../ui/classes.js';
import styles from './person-name.module.css';

export interface PersonNameProps {
  readonly userId: string;
  /** Empty until it is known. */
  readonly name: string;
  readonly className?: string | undefined;
  /** Where a list has keys of its own, the way by the keyboard is another one. */
  readonly isTabStop?: boolean;
}

/** A name that says more about its owner when it is pressed. */
export function PersonName({ userId, name, className, isTabStop = true }: PersonNameProps) {
  const { t } = useTranslation();
  const dialogs = useDialogs();
  // A no-break space keeps the line until the name is there.
  if (name === '') return <bdi className={className}>{'\u00a0'}</bdi>;
  return (
    <button type="button" className={classes(styles.name, className)} tabIndex={isTabStop ? undefined : -1} title={t('people.showProfile', { name })} onClick={() => dialogs.open({ kind: 'profile', userId })}>
      <bdi>{name}</bdi>
    </button>
  );
}
