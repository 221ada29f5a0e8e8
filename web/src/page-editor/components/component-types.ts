import type { Component } from '@atrium/client';
import { Box, Columns3, FileText, Heading, Image, type LucideIcon, MousePointerClick, Table2, TextCursorInput } from 'lucide-react';

export const DIRECTIONS = ['column', 'row'] as const;
export const GAPS = ['medium', 'small', 'large'] as const;
export const ALIGNS = ['stretch', 'start', 'center', 'end'] as const;
export const TEXT_VARIANTS = ['body', 'heading1', 'heading2', 'caption'] as const;
export const TEXT_ALIGNS = ['start', 'center', 'end'] as const;
export const BUTTON_VARIANTS = ['primary', 'secondary'] as const;
export const FIELD_KINDS = ['text', 'email', 'number', 'textarea', 'select', 'checkbox'] as const;

export type Choice = (typeof DIRECTIONS | typeof GAPS | typeof ALIGNS | typeof TEXT_VARIANTS | typeof TEXT_ALIGNS | typeof BUTTON_VARIANTS | typeof FIELD_KINDS)[number];

/** How a prop is edited. A choice's first value is what it is when it is none of them. */
export type PropEditor =
  | { readonly prop: TextProp; readonly kind: 'line' | 'lines' | 'link' | 'image' }
  | { readonly prop: ChoiceProp; readonly kind: 'choice'; readonly choices: readonly Choice[] }
  | { readonly prop: 'required'; readonly kind: 'switch' }
  | { readonly prop: 'options'; readonly kind: 'list'; readonly isFor?: (props: Component['props']) => boolean }
  | { readonly prop: 'rows'; readonly kind: 'table' };

export type TextProp = 'text' | 'src' | 'alt' | 'label' | 'href' | 'placeholder';
export type ChoiceProp = 'direction' | 'gap' | 'align' | 'variant' | 'kind';

export type TypeId = 'page' | 'container' | 'text' | 'image' | 'button' | 'field' | 'table';

/** The words that a new component begins with. */
export type StartText = 'text' | 'button' | 'field' | 'column' | 'cell';

export interface ComponentType {
  readonly icon: LucideIcon;
  /** Whether others may be put into it. */
  readonly mayHaveChildren: boolean;
  readonly props: (word: (text: StartText, count?: number) => string) => Record<string, unknown>;
  readonly editors: readonly PropEditor[];
  /** What a double click writes into. */
  readonly written?: TextProp;
  /** What it says: how one tells it from others of its type. */
  readonly says?: TextProp;
}

/** Every type there is: what it begins with, and what can be set about it. The server's preview knows the same. */
export const COMPONENT_TYPES: Record<TypeId, ComponentType> = {
  page: { icon: FileText, mayHaveChildren: true, props: () => ({}), editors: [] },
  container: {
    icon: Columns3,
    mayHaveChildren: true,
    props: () => ({ direction: 'column', gap: 'medium', align: 'stretch' }),
    editors: [
      { prop: 'direction', kind: 'choice', choices: DIRECTIONS },
      { prop: 'gap', kind: 'choice', choices: GAPS },
      { prop: 'align', kind: 'choice', choices: ALIGNS },
    ],
  },
  text: {
    icon: Heading,
    mayHaveChildren: false,
    props: (word) => ({ text: word('text'), variant: 'body', align: 'start' }),
    editors: [
      { prop: 'text', kind: 'lines' },
      { prop: 'variant', kind: 'choice', choices: TEXT_VARIANTS },
      { prop: 'align', kind: 'choice', choices: TEXT_ALIGNS },
    ],
    written: 'text',
    says: 'text',
  },
  image: {
    icon: Image,
    mayHaveChildren: false,
    props: () => ({ src: '', alt: '' }),
    editors: [
      { prop: 'src', kind: 'image' },
      { prop: 'alt', kind: 'line' },
    ],
    says: 'alt',
  },
  button: {
    icon: MousePointerClick,
    mayHaveChildren: false,
    props: (word) => ({ label: word('button'), variant: 'primary', href: '' }),
    editors: [
      { prop: 'label', kind: 'line' },
      { prop: 'variant', kind: 'choice', choices: BUTTON_VARIANTS },
      { prop: 'href', kind: 'link' },
    ],
    written: 'label',
    says: 'label',
  },
  field: {
    icon: TextCursorInput,
    mayHaveChildren: false,
    props: (word) => ({ label: word('field'), placeholder: '', kind: 'text', options: [], required: false }),
    editors: [
      { prop: 'label', kind: 'line' },
      { prop: 'kind', kind: 'choice', choices: FIELD_KINDS },
      { prop: 'placeholder', kind: 'line' },
      { prop: 'options', kind: 'list', isFor: (props) => props?.['kind'] === 'select' },
      { prop: 'required', kind: 'switch' },
    ],
    written: 'label',
    says: 'label',
  },
  table: {
    icon: Table2,
    mayHaveChildren: false,
    props: (word) => ({ columns: [word('column', 1), word('column', 2)], rows: [[word('cell'), word('cell')]] }),
    editors: [{ prop: 'rows', kind: 'table' }],
  },
};

/** Those that can be added: all but the page, of which there is one. */
export const ADDABLE = ['container', 'text', 'image', 'button', 'field', 'table'] as const satisfies readonly TypeId[];
export type Addable = (typeof ADDABLE)[number];

export const UNKNOWN_ICON = Box;

/** Undefined for what another client has made. */
export function typeOf(component: Component | undefined): TypeId | undefined {
  const type = component?.type;
  return type !== undefined && Object.hasOwn(COMPONENT_TYPES, type) ? (type as TypeId) : undefined;
}

/** What is unknown may have children when it has some. */
export function mayHaveChildren(component: Component | undefined): boolean {
  const type = typeOf(component);
  return type ? COMPONENT_TYPES[type].mayHaveChildren : (component?.children?.length ?? 0) > 0;
}

/** A root has no place in anything, and is a page whatever it calls itself. */
export function iconOf(component: Component | undefined): LucideIcon {
  const type = typeOf(component);
  return type ? COMPONENT_TYPES[type].icon : UNKNOWN_ICON;
}
