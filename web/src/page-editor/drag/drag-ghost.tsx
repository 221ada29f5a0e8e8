import { useReadable } from '@atrium/client/react';
import { createPortal } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { componentName } from '../components/component-name.js';
import { COMPONENT_TYPES, iconOf } from '../components/component-types.js';
import { type Drag, useEditor } from '../editor.js';
import styles from './drag-ghost.module.css';

/** What is dragged, beside the pointer. */
export function DragGhost() {
  const { drag } = useEditor();
  const dragging = useReadable(drag);
  return dragging && createPortal(<Ghost drag={dragging} />, document.body);
}

function Ghost({ drag: { what, x, y, place } }: { drag: Drag }) {
  const { t } = useTranslation();
  const { page } = useEditor();
  const component = what.kind === 'components' && what.ids.length === 1 ? page.tree.component(what.ids[0]!) : undefined;
  const Icon = what.kind === 'new' ? COMPONENT_TYPES[what.type].icon : iconOf(component);
  const name = what.kind === 'new' ? t(`editor.type.${what.type}`) : what.ids.length === 1 ? componentName(t, component) : t('editor.components', { count: what.ids.length });
  return (
    <div className={styles.ghost} data-refused={place === null || undefined} style={{ transform: `translate(${x + 12}px, ${y + 12}px)` }} aria-hidden>
      <Icon size={14} />
      {name}
    </div>
  );
}
