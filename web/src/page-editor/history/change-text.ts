import type { TFunction } from 'i18next';
import type { Change } from './changes.js';

const PROPS = ['align', 'alt', 'columns', 'direction', 'gap', 'href', 'kind', 'label', 'options', 'placeholder', 'required', 'rows', 'src', 'text', 'variant'] as const;

/** "changed “Text” of Heading". @param nameOf what a component is, or was, called */
export function changeText(t: TFunction, change: Change, nameOf: (id: string) => string): string {
  switch (change.kind) {
    case 'added':
      return change.count > 1 ? t('editor.history.addedMany', { count: change.count }) : t('editor.history.added', { name: nameOf(change.id) });
    case 'removed':
      return change.count > 1 ? t('editor.history.removedMany', { count: change.count }) : t('editor.history.removed', { name: nameOf(change.id) });
    case 'moved':
      return change.from === change.to
        ? t('editor.history.moved', { name: nameOf(change.to) })
        : t('editor.history.movedBetween', { from: nameOf(change.from), name: nameOf(change.to) });
    case 'renamed':
      return t('editor.history.renamed', { name: change.name });
    case 'prop':
      return t('editor.history.prop', { prop: propName(t, change.prop), name: nameOf(change.id) });
    case 'other':
      return change.id === null ? t('editor.history.other') : t('editor.history.otherOf', { name: nameOf(change.id) });
  }
}

/** What another client has made up is called what it is. */
function propName(t: TFunction, prop: string): string {
  const known = PROPS.find((each) => each === prop);
  return known ? t(`editor.prop.${known}`) : prop;
}
