import type { Component } from '@atrium/client';
import type { TFunction } from 'i18next';
import { COMPONENT_TYPES, typeOf } from './component-types.js';
import { textOf } from './props.js';

/** As much of a text as one line shows, and a little more. */
const MAX_EXCERPT = 80;

/** The beginning of what a component says, in one line; empty where it says nothing. */
export function componentText(component: Component | undefined): string {
  const type = typeOf(component);
  const prop = type && COMPONENT_TYPES[type].says;
  if (!prop) return '';
  // Not of the whole of a text that may be long.
  return textOf(component?.props, prop).slice(0, 4 * MAX_EXCERPT).toWellFormed().replace(/\s+/g, ' ').trim().slice(0, MAX_EXCERPT).toWellFormed();
}

/** What a component is called: by itself, else by its type. */
export function componentName(t: TFunction, component: Component | undefined): string {
  if (component?.name) return component.name;
  const type = typeOf(component);
  return type ? t(`editor.type.${type}`) : (component?.type ?? t('editor.type.unknown'));
}
