import { TEXT_ALIGNS, TEXT_VARIANTS } from '../../components/component-types.js';
import { choiceOf } from '../../components/props.js';
import { Written } from '../written.js';
import type { ShapeProps } from './shape.js';
import styles from './shapes.module.css';

export function TextShape({ id, component: { props }, box }: ShapeProps) {
  return (
    <div {...box} data-type="text" className={styles.text} data-variant={choiceOf(props, 'variant', TEXT_VARIANTS)} data-align={choiceOf(props, 'align', TEXT_ALIGNS)}>
      <Written id={id} props={props} prop="text" />
    </div>
  );
}
