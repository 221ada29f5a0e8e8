import type { Component, PageSnapshot, Readable, Value } from '@atrium/client';
import { createContext, useContext } from 'react';
import type { TextChange } from '../text/use-shared-text.js';
import type { Elements } from './elements.js';

/** Where the canvas reads from: the page that is open, or one as it was. */
export interface CanvasSource {
  component(id: string): Readable<Component | undefined>;
  readonly elements: Elements;
  /** Whose text is being written; without it, none can be. */
  readonly writing?: Value<string | null>;
  readonly write?: (id: string, prop: string, change: TextChange) => void;
}

export const CanvasSourceContext = createContext<CanvasSource | null>(null);

export function useCanvasSource(): CanvasSource {
  const source = useContext(CanvasSourceContext);
  if (!source) throw new Error('useCanvasSource needs a <CanvasSourceContext> above it');
  return source;
}

/** A page that does not change any more. */
export function sourceOf({ components }: PageSnapshot, elements: Elements): CanvasSource {
  return {
    elements,
    component: (id) => ({ get: () => (Object.hasOwn(components, id) ? components[id] : undefined), subscribe: () => () => undefined }),
  };
}
