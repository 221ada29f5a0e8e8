import type { Component } from '@atrium/client';
import type { TFunction } from 'i18next';
import { typeOf } from './component-types.js';

/** What a component is called: by itself, else by its type. */
export function componentName(t: TFunction, component: Component | undefined): string {
  if (component?.name) return component.name;
  const type = typeOf(component);
  return type ? t(`editor.type.${type}`) : (component?.type ?? t('editor.type.unknown'));
}
