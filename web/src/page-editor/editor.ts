import { type Page, Value } from '@atrium/client';
import { createContext, useContext } from 'react';
import type { Dragged } from './drag/drag-session.js';
import type { ChangeGroup } from './history/groups.js';
import { Elements } from './canvas/elements.js';
import { type CommandEvents, Commands } from './state/commands.js';
import type { Place } from './state/move-patches.js';
import { Outline } from './state/outline.js';
import { Selection } from './state/selection.js';
import { usePart } from './state/use-part.js';

/** What is being dragged, and where it would come. */
export interface Drag {
  readonly what: Dragged;
  /** In the window. */
  readonly x: number;
  readonly y: number;
  /** The same object for as long as it is the same place; null where it cannot be dropped. */
  readonly place: Place | null;
}

/** A text on the page that can be written. */
export interface TextPlace {
  /** Of the component. */
  readonly id: string;
  /** The prop; "name" is the component's own. */
  readonly prop: string;
}

/** Where one writes, in UTF-16 code units of the text. */
export interface Editing extends TextPlace {
  readonly start: number;
  readonly end: number;
}

/** Where things can be dropped: a part of the screen that knows what is where in it. */
export interface DropZone {
  readonly element: HTMLElement;
  placeAt(x: number, y: number): Place | null;
}

/** A page that is open in the editor, and all that the parts of the editor share. */
export class Editor {
  readonly selection = new Selection();
  readonly outline: Outline;
  readonly commands: Commands;
  /** Where the components are on the canvas. */
  readonly elements = new Elements();
  readonly drag = new Value<Drag | null>(null);
  readonly zones = new Set<DropZone>();
  /** The component whose text is being written on the canvas. */
  readonly writing = new Value<string | null>(null);
  /** The text that has the focus, on the canvas or in the properties. */
  readonly editing = new Value<Editing | null>(null);
  /** What is shown instead of the present. As long as it is, nothing changes the page. */
  readonly past = new Value<ChangeGroup | null>(null);

  constructor(
    readonly page: Page,
    events: CommandEvents,
  ) {
    this.outline = new Outline(page);
    this.commands = new Commands(page, this.selection, this.outline, this.writing, this.past, events);
  }

  /** Follows the page. @returns what ends that */
  follow(): () => void {
    const stopOutline = this.outline.follow();
    const stopView = this.page.view.subscribe(() => {
      const { components } = this.page.view.get()!.schema;
      this.selection.keep((id) => Object.hasOwn(components, id));
    });
    return () => {
      stopOutline();
      stopView();
    };
  }
}

export const EditorContext = createContext<Editor | null>(null);

export function useEditor(): Editor {
  const editor = useContext(EditorContext);
  if (!editor) throw new Error('useEditor needs an <EditorContext> above it');
  return editor;
}

/** Whether one may edit the page at all. */
export function useMayEdit(): boolean {
  return usePart(useEditor().page.state, (state) => state !== null && state.role !== 'viewer');
}

/** Whether the page can be edited now: not while it is shown as it was, and not while it is damaged. */
export function useCanEdit(): boolean {
  const isPresent = usePart(useEditor().past, (past) => past === null);
  const isWhole = usePart(useEditor().page.state, (state) => state?.brokenAt === undefined);
  return useMayEdit() && isPresent && isWhole;
}
