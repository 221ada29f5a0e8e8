import type { Component } from '@atrium/client';
import { useReadable } from '@atrium/client/react';
import { ImageOff } from 'lucide-react';
import { memo, type ReactNode, useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { ShowImage } from '../../images/show-image.js';
import { componentName } from '../components/component-name.js';
import { mayHaveChildren } from '../components/component-types.js';
import { type JsonObject, lookOf, type LookWords, rootLook } from '@atrium/client/look';
import { textOf } from '../components/props.js';
import styles from './canvas-node.module.css';
import { LookView } from './look-view.js';
import { useCanvasSource } from './source.js';

/** One component with what is in it. It renders when that component changes, and not when anything else does. */
export const CanvasNode = memo(function CanvasNode({ id, isRoot = false }: { id: string; isRoot?: boolean }) {
  const { t } = useTranslation();
  const source = useCanvasSource();
  const component = useReadable(useMemo(() => source.component(id), [source, id]));
  const ref = useCallback((element: HTMLElement | null) => (element ? source.elements.put(id, element) : undefined), [source, id]);
  const nodes = useMemo(() => {
    if (!component) return [];
    const json = component as unknown as JsonObject;
    const words: LookWords = {
      button: t('editor.type.button'),
      field: t('editor.type.field'),
      image: t('editor.type.image'),
      component: componentName(t, component),
      required: t('editor.prop.required'),
      moreRows: t('editor.moreRows'),
    };
    return isRoot ? [rootLook(json, words)] : lookOf(json, words);
  }, [component, isRoot, t]);
  if (!component) return null;
  const box = { ref, 'data-component': id, 'data-type': component.type ?? '' };
  return (
    <LookView id={id} props={component.props} nodes={nodes} box={box} noImage={(isBroken) => <NoImage component={component} isBroken={isBroken} />} foreignImage={(host) => <ForeignImage component={component} host={host} />}>
      <Nodes component={component} isRoot={isRoot} />
    </LookView>
  );
});

function Nodes({ component, isRoot }: { component: Component; isRoot: boolean }): ReactNode {
  const { t } = useTranslation();
  const children = component.children ?? [];
  if (children.length > 0) return children.map((child) => <CanvasNode key={String(child)} id={String(child)} />);
  if (!isRoot && !mayHaveChildren(component)) return null;
  return <span className={isRoot ? styles.emptyPage : styles.empty}>{t(isRoot ? 'editor.emptyPage' : 'editor.emptyContainer')}</span>;
}

function NoImage({ component: { props }, isBroken }: { component: Component; isBroken: boolean }) {
  const { t } = useTranslation();
  const reason = isBroken ? 'editor.brokenImage' : textOf(props, 'src') === '' ? 'editor.noImage' : 'editor.badImage';
  return (
    <span className={styles.noImage}>
      <ImageOff size={18} aria-hidden />
      {textOf(props, 'alt') || t(reason)}
    </span>
  );
}

function ForeignImage({ component: { props }, host }: { component: Component; host: string }) {
  return (
    // A press on its button is none on the component, which would be dragged.
    <span className={styles.foreignImage} onPointerDown={(event) => event.stopPropagation()} onClick={(event) => event.stopPropagation()} onDoubleClick={(event) => event.stopPropagation()}>
      <ShowImage host={host} label={textOf(props, 'alt')} />
    </span>
  );
}
