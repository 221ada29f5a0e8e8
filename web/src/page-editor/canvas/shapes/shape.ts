import type { Component } from '@atrium/client';
import type { ReactNode, RefCallback } from 'react';

/** How a component of one type looks on the canvas. Nothing in it can be pressed or filled in: it is a picture to be worked on. */
export interface ShapeProps {
  readonly id: string;
  readonly component: Component;
  readonly isRoot: boolean;
  /** Belongs to the outermost element. */
  readonly box: { readonly ref: RefCallback<HTMLElement>; readonly 'data-component': string };
  /** What is in it. */
  readonly nodes: ReactNode;
}
