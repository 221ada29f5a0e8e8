import { BUTTON_VARIANTS } from '../../components/component-types.js';
import { choiceOf } from '../../components/props.js';
import { Written } from '../written.js';
import type { ShapeProps } from './shape.js';
import styles from './shapes.module.css';

export function ButtonShape({ id, component: { props }, box }: ShapeProps) {
  return (
    <div {...box} className={styles.button} data-variant={choiceOf(props, 'variant', BUTTON_VARIANTS)}>
      <Written id={id} props={props} prop="label" />
    </div>
  );
}
