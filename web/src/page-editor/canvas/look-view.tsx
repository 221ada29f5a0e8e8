import type { Component } from '@atrium/client';
import { createElement, type ReactNode, type RefCallback, useState } from 'react';
import type { LookElement, LookNode, LookTag } from '@atrium/client/look';
import { useForeignHost } from '../../images/use-foreign-host.js';
import { textOf } from '../components/props.js';
import { Written } from './written.js';

/**
 * What is something else on the canvas, where nothing can be pressed or filled in: it is a picture to be worked on. A heading of the page
 * is none of the app.
 */
const CANVAS_TAGS: Partial<Record<LookTag, string>> = { h1: 'div', h2: 'div', p: 'div', a: 'div', button: 'div', label: 'div' };
const CONTROLS = new Set<LookTag>(['input', 'textarea', 'select']);
/** As React calls them, where that is not as HTML does. */
const ATTRIBUTES: Record<string, string> = { referrerpolicy: 'referrerPolicy' };
/** Of what is no link and no button here. */
const LEFT_OUT = new Set(['href', 'rel', 'type', 'disabled']);

export interface LookViewProps {
  readonly id: string;
  readonly props: Component['props'];
  readonly nodes: readonly LookNode[];
  /** Belongs to the outermost element. */
  readonly box: { readonly ref: RefCallback<HTMLElement>; readonly 'data-component': string; readonly 'data-type': string };
  /** What is in it. */
  readonly children: ReactNode;
  /** Instead of an image that cannot be loaded, or has no address. */
  readonly noImage: (isBroken: boolean) => ReactNode;
  /** Instead of an image of another host that nobody has asked for. */
  readonly foreignImage: (host: string) => ReactNode;
}

/** The look of a component as React has it: the same elements and classes as in the preview. */
export function LookView({ nodes, ...view }: LookViewProps) {
  return nodes.map((node, at) => {
    if (node === 'children') return <Slot key={at}>{view.children}</Slot>;
    if (!('tag' in node)) return node.prop ? <Written key={at} id={view.id} props={view.props} prop={node.prop} otherwise={node.text} /> : node.text;
    return <LookElementView key={at} element={node} isOutermost={at === 0} {...view} />;
  });
}

function Slot({ children }: { children: ReactNode }) {
  return children;
}

type ElementViewProps = Omit<LookViewProps, 'nodes'> & { element: LookElement; isOutermost: boolean };

function LookElementView({ element, isOutermost, ...view }: ElementViewProps) {
  const [brokenSrc, setBrokenSrc] = useState<string>();
  const { tag, className, attributes = {}, nodes } = element;
  const box = isOutermost ? view.box : {};
  const isBroken = tag === 'img' && attributes['src'] === brokenSrc;
  const foreignHost = useForeignHost(tag === 'img' ? attributes['src'] : null);
  if (isBroken || foreignHost !== null || className === 'no-image') {
    return (
      <div className="no-image" {...box}>
        {foreignHost !== null ? view.foreignImage(foreignHost) : view.noImage(isBroken)}
      </div>
    );
  }
  const isPicture = CANVAS_TAGS[tag] !== undefined;
  const named = Object.entries(attributes).filter(([name]) => !(isPicture && LEFT_OUT.has(name)));
  const own = Object.fromEntries(named.map(([name, value]) => [ATTRIBUTES[name] ?? name, name === 'disabled' ? true : value]));
  // Its label is none here, since a press on that would be one on the control.
  const control = CONTROLS.has(tag) ? { 'aria-label': textOf(view.props, 'label') || textOf(view.props, 'kind') || tag } : {};
  const image = tag === 'img' ? { draggable: false, onError: () => setBrokenSrc(attributes['src']) } : {};
  const inner = tag === 'img' || tag === 'input' || tag === 'textarea' ? [] : [<LookInner key="inner" nodes={nodes} {...view} />];
  return createElement(CANVAS_TAGS[tag] ?? tag, { className, ...own, ...control, ...image, ...box }, ...inner);
}

/** What is within an element; none of it is outermost. */
function LookInner({ nodes, ...view }: LookViewProps) {
  return nodes.map((node, at) => {
    if (node === 'children' || !('tag' in node)) return <LookView key={at} nodes={[node]} {...view} />;
    return <LookElementView key={at} element={node} isOutermost={false} {...view} />;
  });
}
