import type { Component, PageSnapshot } from '@atrium/client';
import type { TFunction } from 'i18next';
import { componentName } from '../components/component-name.js';

const COMPONENT = /^\/components\/([^/]+)$/;

/** What components are called, also those that are gone, as far as the patches say what they were. */
export function namesOf(t: TFunction, schema: PageSnapshot | undefined, patches: readonly { op: string; path: string; value?: unknown }[]): (id: string) => string {
  const past = new Map<string, Component>();
  for (const { path, value } of patches) {
    const id = COMPONENT.exec(path)?.[1];
    if (id !== undefined && typeof value === 'object' && value !== null && !past.has(id)) past.set(id, value as Component);
  }
  return (id) => {
    const component = (schema && Object.hasOwn(schema.components, id) ? schema.components[id] : undefined) ?? past.get(id);
    return component ? componentName(t, component) : t('editor.history.component');
  };
}
