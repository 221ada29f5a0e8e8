import type { Component } from '@atrium/client';
import { useReadable } from '@atrium/client/react';
import { type ComponentType, memo, useCallback, useMemo } from 'react';
import { type TypeId, typeOf } from '../components/component-types.js';
import { ButtonShape } from './shapes/button-shape.js';
import { ContainerShape } from './shapes/container-shape.js';
import { FieldShape } from './shapes/field-shape.js';
import { ImageShape } from './shapes/image-shape.js';
import { TableShape } from './shapes/table-shape.js';
import { TextShape } from './shapes/text-shape.js';
import { UnknownShape } from './shapes/unknown-shape.js';
import type { ShapeProps } from './shapes/shape.js';
import { useCanvasSource } from './source.js';

const SHAPES: Record<TypeId, ComponentType<ShapeProps>> = {
  page: ContainerShape,
  container: ContainerShape,
  text: TextShape,
  image: ImageShape,
  button: ButtonShape,
  field: FieldShape,
  table: TableShape,
};

/** One component with what is in it. It renders when that component changes, and not when anything else does. */
export const CanvasNode = memo(function CanvasNode({ id, isRoot = false }: { id: string; isRoot?: boolean }) {
  const source = useCanvasSource();
  const component = useReadable(useMemo(() => source.component(id), [source, id]));
  const ref = useCallback((element: HTMLElement | null) => (element ? source.elements.put(id, element) : undefined), [source, id]);
  if (!component) return null;
  const type = typeOf(component);
  const Shape = type ? SHAPES[type] : isRoot ? ContainerShape : UnknownShape;
  return <Shape id={id} component={component} isRoot={isRoot} box={{ ref, 'data-component': id }} nodes={<Nodes component={component} />} />;
});

function Nodes({ component }: { component: Component }) {
  return component.children?.map((child) => <CanvasNode key={String(child)} id={String(child)} />);
}
