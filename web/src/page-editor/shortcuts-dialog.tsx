import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import { commandKey } from '../shell/use-shortcut.js';
import { Dialog } from '../ui/dialog.js';
import styles from './shortcuts-dialog.module.css';

const GROUPS = [
  {
    id: 'select',
    keys: [
      ['upDown', ['↑', '↓']],
      ['expand', ['←', '→']],
      ['range', ['Shift+↑', 'Shift+↓']],
      ['escape', ['Esc']],
    ],
  },
  {
    id: 'move',
    keys: [
      ['moveUpDown', ['Alt+↑', 'Alt+↓']],
      ['moveIn', ['Alt+→']],
      ['moveOut', ['Alt+←']],
    ],
  },
  {
    id: 'edit',
    keys: [
      ['enter', ['Enter']],
      ['copy', [commandKey('C'), commandKey('X'), commandKey('V')]],
      ['duplicate', [commandKey('D')]],
      ['delete', ['Delete']],
      ['undo', [commandKey('Z')]],
      ['redo', [commandKey('Shift+Z')]],
    ],
  },
] as const;

/** What can be done by the keyboard alone. */
export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog title={t('editor.help')} isOpen onOpenChange={onClose}>
      {GROUPS.map(({ id, keys }) => (
        <section key={id} className={styles.group}>
          <h3 className={styles.heading}>{t(`editor.shortcuts.${id}`)}</h3>
          <dl className={styles.list}>
            {keys.map(([what, pressed]) => (
              <Fragment key={what}>
                <dt>{t(`editor.shortcuts.${what}`)}</dt>
                <dd>
                  {pressed.map((each) => (
                    <kbd key={each} className={styles.key}>
                      {each}
                    </kbd>
                  ))}
                </dd>
              </Fragment>
            ))}
          </dl>
        </section>
      ))}
    </Dialog>
  );
}
