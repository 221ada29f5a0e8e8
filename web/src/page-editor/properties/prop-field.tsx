import type { Component } from '@atrium/client';
import { useTranslation } from 'react-i18next';
import { Select } from '../../ui/select.js';
import { Switch } from '../../ui/switch.js';
import type { PropEditor } from '../components/component-types.js';
import { choiceOf, isOn, listOf, textOf } from '../components/props.js';
import { imageOf, linkOf } from '@atrium/client/look';
import { useCanEdit, useEditor } from '../editor.js';
import type { TextChange } from '../text/use-shared-text.js';
import { commonOf } from './common-editors.js';
import { ListEditor } from './list-editor.js';
import { LiveTextField } from './live-text-field.js';
import { TableEditor } from './table-editor.js';
import { TextAreaField } from './text-area-field.js';

export interface PropFieldProps {
  readonly editor: PropEditor;
  readonly ids: readonly string[];
  readonly components: readonly Component[];
}

/** One prop of what is selected. */
export function PropField({ editor, ids, components }: PropFieldProps) {
  const { t } = useTranslation();
  const { commands } = useEditor();
  const canEdit = useCanEdit();
  const { prop } = editor;
  const label = t(`editor.prop.${prop}`);
  const set = (value: unknown): void => commands.setProp(ids, prop, value);

  switch (editor.kind) {
    case 'line':
    case 'lines':
    case 'link':
    case 'image': {
      const common = commonOf(components, (props) => textOf(props, prop));
      const value = common ?? '';
      const write = (change: TextChange): void => commands.writeText(ids, prop, change);
      const place = ids.length === 1 ? { id: ids[0]!, prop } : undefined;
      const naming = { label, text: value, write, place, isReadOnly: !canEdit, placeholder: common === undefined ? t('editor.mixed') : undefined };
      if (editor.kind === 'lines') return <TextAreaField {...naming} />;
      const error = editor.kind === 'link' && value !== '' && !linkOf(value) ? t('editor.badLink') : editor.kind === 'image' && value !== '' && !imageOf(value) ? t('editor.badImage') : undefined;
      return <LiveTextField {...naming} error={error} description={prop === 'alt' ? t('editor.prop.altHint') : undefined} />;
    }
    case 'choice': {
      const value = commonOf(components, (props) => choiceOf(props, prop, editor.choices));
      const options = editor.choices.map((choice) => ({ id: choice, label: t(`editor.choice.${choice}`) }));
      const shown = value === undefined ? [{ id: 'mixed' as const, label: t('editor.mixed') }, ...options] : options;
      return <Select label={label} options={shown} value={value ?? 'mixed'} onChange={(choice) => choice !== 'mixed' && set(choice)} isDisabled={!canEdit} />;
    }
    case 'switch':
      return (
        <Switch isSelected={commonOf(components, (props) => isOn(props, prop)) ?? false} onChange={set} isDisabled={!canEdit}>
          {label}
        </Switch>
      );
    case 'list':
      return <ListEditor label={label} id={ids[0]!} prop={prop} items={listOf(components[0]?.props, prop)} isReadOnly={!canEdit} />;
    case 'table':
      return <TableEditor label={label} id={ids[0]!} props={components[0]?.props} isReadOnly={!canEdit} />;
  }
}
