import { Box } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { componentName } from '../../components/component-name.js';
import type { ShapeProps } from './shape.js';
import styles from './shapes.module.css';

/** What another client has made, and this one does not know: its name, and what is in it. */
export function UnknownShape({ component, box, nodes }: ShapeProps) {
  const { t } = useTranslation();
  return (
    <div {...box} className={styles.unknown}>
      <span className={styles.unknownName}>
        <Box size={14} aria-hidden />
        {componentName(t, component)}
      </span>
      {nodes}
    </div>
  );
}
