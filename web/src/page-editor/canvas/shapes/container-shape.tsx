import { useTranslation } from 'react-i18next';
import { classes } from '../../../ui/classes.js';
import { ALIGNS, DIRECTIONS, GAPS } from '../../components/component-types.js';
import { choiceOf } from '../../components/props.js';
import type { ShapeProps } from './shape.js';
import styles from './shapes.module.css';

/** Holds others, one below or beside the other. The page itself is one, too. */
export function ContainerShape({ component: { props, children }, isRoot, box, nodes }: ShapeProps) {
  const { t } = useTranslation();
  const isEmpty = (children?.length ?? 0) === 0;
  return (
    <div
      {...box}
      className={classes(styles.container, isRoot && styles.page, isEmpty && styles.empty)}
      data-direction={choiceOf(props, 'direction', DIRECTIONS)}
      data-gap={choiceOf(props, 'gap', GAPS)}
      data-align={choiceOf(props, 'align', ALIGNS)}
    >
      {isEmpty ? <span className={styles.hint}>{t(isRoot ? 'editor.emptyPage' : 'editor.emptyContainer')}</span> : nodes}
    </div>
  );
}
