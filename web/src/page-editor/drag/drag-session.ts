import type { PointerEvent as ReactPointerEvent } from 'react';
import type { Addable } from '../components/component-types.js';
import type { DropZone, Editor } from '../editor.js';
import { canMove, type Place } from '../state/move-patches.js';

export type Dragged = { readonly kind: 'components'; readonly ids: readonly string[] } | { readonly kind: 'new'; readonly type: Addable };

/** A press that moves less is a click. */
const THRESHOLD_PX = 5;
/** A finger that moves before scrolls. */
const LONG_PRESS_MS = 320;
const SCROLL_EDGE_PX = 36;
const SCROLL_STEP_PX = 12;

/** Follows a press until it is let go: by mouse once it has moved, by finger once it has rested. `what` is asked when that happens. */
export function followPress(editor: Editor, { pointerId, pointerType, clientX, clientY, button }: ReactPointerEvent, what: () => Dragged | null): void {
  if (button !== 0 || !editor.commands.canEdit) return;
  const session = new DragSession(editor, pointerId, clientX, clientY, what);
  session.wait(pointerType !== 'touch');
}

class DragSession {
  private readonly stops = new AbortController();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private frame = 0;
  private dragged: Dragged | null = null;

  constructor(
    private readonly editor: Editor,
    private readonly pointerId: number,
    private x: number,
    private y: number,
    private readonly what: () => Dragged | null,
  ) {}

  wait(beginsByMoving: boolean): void {
    const { signal } = this.stops;
    const [fromX, fromY] = [this.x, this.y];
    const mine = (listener: (event: PointerEvent) => void) => (event: PointerEvent) => {
      if (event.pointerId === this.pointerId) listener(event);
    };
    const moved = mine((event) => {
      [this.x, this.y] = [event.clientX, event.clientY];
      if (this.dragged) return this.show();
      if (Math.hypot(this.x - fromX, this.y - fromY) < THRESHOLD_PX) return;
      if (beginsByMoving) this.begin();
      else this.end();
    });
    addEventListener('pointermove', moved, { signal });
    addEventListener('pointerup', mine(() => this.drop()), { signal });
    addEventListener('pointercancel', mine(() => this.end()), { signal });
    addEventListener('blur', () => this.end(), { signal });
    addEventListener('keydown', (event) => this.press(event), { signal, capture: true });
    if (!beginsByMoving) this.timer = setTimeout(() => this.begin(), LONG_PRESS_MS);
  }

  private begin(): void {
    this.dragged = this.what();
    if (!this.dragged) return this.end();
    getSelection()?.removeAllRanges();
    document.documentElement.dataset['dragging'] = '';
    this.show();
    this.scroll();
  }

  private show(): void {
    const zone = this.zone();
    const found = zone ? zone.placeAt(this.x, this.y) : null;
    const place = found && this.mayCome(found) ? found : null;
    const last = this.editor.drag.get()?.place ?? null;
    const isSame = place && last && place.parent === last.parent && place.index === last.index;
    this.editor.drag.set({ what: this.dragged!, x: this.x, y: this.y, place: isSame ? last : place });
  }

  private mayCome(place: Place): boolean {
    return this.dragged!.kind === 'new' || canMove(this.editor.page.tree, this.dragged!.ids, place);
  }

  private zone(): DropZone | undefined {
    const under = document.elementFromPoint(this.x, this.y);
    return [...this.editor.zones].find(({ element }) => element.contains(under));
  }

  /** Near the edges of what it is over, which may be longer than is shown. */
  private scroll(): void {
    this.frame = requestAnimationFrame(() => this.scroll());
    const element = this.zone()?.element;
    if (!element) return;
    const { top, bottom } = element.getBoundingClientRect();
    const by = this.y < top + SCROLL_EDGE_PX ? -SCROLL_STEP_PX : this.y > bottom - SCROLL_EDGE_PX ? SCROLL_STEP_PX : 0;
    if (by === 0) return;
    const before = element.scrollTop;
    element.scrollTop += by;
    if (element.scrollTop !== before) this.show();
  }

  private press(event: KeyboardEvent): void {
    if (!this.dragged || event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    this.end();
  }

  private drop(): void {
    const { commands, drag } = this.editor;
    const place = drag.get()?.place;
    const dragged = this.dragged;
    this.end();
    if (!dragged) return;
    // The press was no click on what lies here.
    const swallow = (event: MouseEvent): void => event.stopPropagation();
    addEventListener('click', swallow, { capture: true, once: true });
    setTimeout(() => removeEventListener('click', swallow, { capture: true }), 0);
    if (!place) return;
    if (dragged.kind === 'new') commands.add(dragged.type, place);
    else commands.moveTo(dragged.ids, place);
  }

  private end(): void {
    this.stops.abort();
    clearTimeout(this.timer);
    cancelAnimationFrame(this.frame);
    delete document.documentElement.dataset['dragging'];
    this.editor.drag.set(null);
  }
}
