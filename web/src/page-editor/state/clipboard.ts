import type { Component, Fragment } from '@atrium/client';

/** What says that a text on the clipboard is components of ours, of any page and in any tab. */
const MARK = 'atrium/components';

export function toClipboardText({ rootIds, components }: Fragment): string {
  return JSON.stringify({ type: MARK, rootIds, components });
}

/** The components on the clipboard; null for any other text. What comes from there may have been written by anybody. */
export function fromClipboardText(text: string): Fragment | null {
  if (!text.includes(MARK)) return null;
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isObject(found) || found['type'] !== MARK) return null;
  const { rootIds, components } = found;
  if (!isIds(rootIds) || !isObject(components)) return null;
  if (!Object.values(components).every(isComponent)) return null;
  if (rootIds.length === 0 || !rootIds.every((id) => Object.hasOwn(components, id))) return null;
  const fragment = { rootIds, components: components as Record<string, Component> };
  return isForest(fragment) ? fragment : null;
}

/** Each component once, and none in itself. */
function isForest({ rootIds, components }: Fragment): boolean {
  const seen = new Set<string>();
  const waiting = rootIds.map(String);
  for (let id; (id = waiting.pop()) !== undefined; ) {
    if (seen.has(id)) return false;
    seen.add(id);
    waiting.push(...(components[id]?.children ?? []).map(String));
  }
  return true;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isIds(value: unknown): value is (string | number)[] {
  return Array.isArray(value) && value.every((id) => typeof id === 'string' || typeof id === 'number');
}

function isComponent(value: unknown): value is Component {
  if (!isObject(value)) return false;
  const { name, type, props, children } = value;
  const isText = (each: unknown): boolean => each === undefined || typeof each === 'string';
  return isText(name) && isText(type) && (props === undefined || isObject(props)) && (children === undefined || isIds(children));
}
