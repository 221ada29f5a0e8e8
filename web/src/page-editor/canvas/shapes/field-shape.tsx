import { ChevronDown } from 'lucide-react';
import { FIELD_KINDS } from '../../components/component-types.js';
import { choiceOf, isOn, listOf, textOf } from '../../components/props.js';
import { Written } from '../written.js';
import type { ShapeProps } from './shape.js';
import styles from './shapes.module.css';

/** A field to be filled in by whoever will use the page; here it is drawn. */
export function FieldShape({ id, component: { props }, box }: ShapeProps) {
  const kind = choiceOf(props, 'kind', FIELD_KINDS);
  const label = (
    <span className={styles.fieldLabel}>
      <Written id={id} props={props} prop="label" />
      {isOn(props, 'required') && <span aria-hidden> *</span>}
    </span>
  );
  if (kind === 'checkbox') {
    return (
      <div {...box} className={styles.checkbox}>
        <span className={styles.tick} aria-hidden />
        {label}
      </div>
    );
  }
  return (
    <div {...box} className={styles.field}>
      {label}
      <span className={styles.input} data-kind={kind}>
        <span className={styles.placeholder}>{textOf(props, 'placeholder') || (kind === 'select' ? listOf(props, 'options')[0] : '')}</span>
        {kind === 'select' && <ChevronDown size={16} aria-hidden />}
      </span>
    </div>
  );
}
