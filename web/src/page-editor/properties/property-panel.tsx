import type { Component } from '@atrium/client';
import { useComponent, useReadable } from '@atrium/client/react';
import { Copy, CopyPlus, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../ui/icon-button.js';
import { componentName } from '../components/component-name.js';
import { iconOf, typeOf } from '../components/component-types.js';
import { useCanEdit, useEditor } from '../editor.js';
import { editorsOf } from './common-editors.js';
import { LiveTextField } from './live-text-field.js';
import { PropField } from './prop-field.js';
import styles from './property-panel.module.css';

/** What can be changed about what is selected. Every change is on the page at once. */
export function PropertyPanel() {
  const { t } = useTranslation();
  const { selection } = useEditor();
  const ids = [...useReadable(selection.ids)];
  if (ids.length === 0) return <p className={styles.nothing}>{t('editor.nothingSelected')}</p>;
  return ids.length === 1 ? <One key={ids[0]} id={ids[0]!} /> : <Several key={ids.join(' ')} ids={ids} />;
}

function One({ id }: { id: string }) {
  const { t } = useTranslation();
  const { page, commands } = useEditor();
  const canEdit = useCanEdit();
  const component = useComponent(page, id);
  if (!component) return null;
  const Icon = iconOf(component);
  const type = typeOf(component);
  const isRoot = page.tree.parentOf(id) === undefined;
  return (
    <div className={styles.panel}>
      <div className={styles.head}>
        <Icon size={16} aria-hidden />
        <h3 className={styles.title}>{type ? t(`editor.type.${type}`) : (component.type ?? t('editor.type.unknown'))}</h3>
        {canEdit && !isRoot && <Actions />}
      </div>
      <LiveTextField label={t('editor.name')} text={component.name ?? ''} place={{ id, prop: 'name' }} placeholder={componentName(t, component)} write={(change) => commands.rename(id, change)} isReadOnly={!canEdit} />
      <Props ids={[id]} components={[component]} />
      <p className={styles.id}>{t('editor.id', { id })}</p>
    </div>
  );
}

function Several({ ids }: { ids: readonly string[] }) {
  const { t } = useTranslation();
  const { page } = useEditor();
  const canEdit = useCanEdit();
  const schema = useReadable(page.view)?.schema;
  const components = ids.flatMap((id): Component[] => (schema?.components[id] ? [schema.components[id]] : []));
  const hasCommon = editorsOf(components).length > 0;
  return (
    <div className={styles.panel}>
      <div className={styles.head}>
        <h3 className={styles.title}>{t('editor.components', { count: ids.length })}</h3>
        {canEdit && <Actions />}
      </div>
      {hasCommon && <p className={styles.hint}>{t('editor.severalProps')}</p>}
      <Props ids={ids} components={components} />
    </div>
  );
}

function Props({ ids, components }: { ids: readonly string[]; components: readonly Component[] }) {
  return editorsOf(components).map((editor) => <PropField key={editor.prop} editor={editor} ids={ids} components={components} />);
}

function Actions() {
  const { t } = useTranslation();
  const { commands } = useEditor();
  const copy = (): void => {
    const text = commands.copy();
    if (text !== null) void navigator.clipboard.writeText(text).catch(() => undefined);
  };
  return (
    <span className={styles.actions}>
      <IconButton label={t('editor.copy')} size="small" onPress={copy}>
        <Copy size={16} aria-hidden />
      </IconButton>
      <IconButton label={t('editor.duplicate')} size="small" onPress={() => commands.duplicate()}>
        <CopyPlus size={16} aria-hidden />
      </IconButton>
      <IconButton label={t('editor.delete')} size="small" variant="danger" onPress={() => commands.remove()}>
        <Trash2 size={16} aria-hidden />
      </IconButton>
    </span>
  );
}
