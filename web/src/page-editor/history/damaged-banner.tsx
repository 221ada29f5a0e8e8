import { RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Banner } from '../../ui/banner.js';
import { Button } from '../../ui/button.js';
import { useMayEdit } from '../editor.js';
import panels from '../editor-panels.module.css';
import { RestoreDialog } from './restore-dialog.js';

/** Says that the page is damaged, and offers to continue with what is shown: the last version before the damage. */
export function DamagedBanner({ brokenAt }: { brokenAt: number }) {
  const { t } = useTranslation();
  const mayEdit = useMayEdit();
  const [isRestoring, setRestoring] = useState(false);
  const action = mayEdit && (
    <Button size="small" icon={<RotateCcw size={14} aria-hidden />} onPress={() => setRestoring(true)}>
      {t('editor.history.restoreAction')}
    </Button>
  );
  return (
    <div className={panels.note}>
      <Banner kind="warning" action={action}>
        {t('editor.damaged')}
      </Banner>
      {isRestoring && <RestoreDialog version={brokenAt - 1} question={t('editor.history.restoreDamaged')} onClose={() => setRestoring(false)} />}
    </div>
  );
}
