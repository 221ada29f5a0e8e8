import type { Component } from '@atrium/client';
import { COMPONENT_TYPES, type PropEditor, typeOf } from '../components/component-types.js';

function ownEditors(component: Component): readonly PropEditor[] {
  const type = typeOf(component);
  return type ? COMPONENT_TYPES[type].editors.filter((editor) => !('isFor' in editor) || editor.isFor!(component.props)) : [];
}

/** What can be set about all of these at once: what each of them has, with the same choices; lists and tables of one alone. */
export function editorsOf(components: readonly Component[]): readonly PropEditor[] {
  const [first, ...others] = components;
  if (!first) return [];
  if (others.length === 0) return ownEditors(first);
  return ownEditors(first).filter((editor) => editor.kind !== 'list' && editor.kind !== 'table' && others.every((other) => ownEditors(other).some((each) => isSame(each, editor))));
}

function isSame(a: PropEditor, b: PropEditor): boolean {
  return a.prop === b.prop && a.kind === b.kind && ('choices' in a ? a.choices : null) === ('choices' in b ? b.choices : null);
}

/** The value that all have; undefined where they differ. */
export function commonOf<T>(components: readonly Component[], read: (props: Component['props']) => T): T | undefined {
  const first = components[0] && read(components[0].props);
  return components.every(({ props }) => read(props) === first) ? first : undefined;
}
