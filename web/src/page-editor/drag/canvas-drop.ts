import type { Box } from '../canvas/elements.js';
import type { Place } from '../state/move-patches.js';

/** What is where on the canvas. */
export interface CanvasLayout {
  boxOf(id: string): Box | undefined;
  childrenOf(id: string): readonly string[];
  parentOf(id: string): string | undefined;
  /** Its children lie side by side. */
  isRow(id: string): boolean;
  mayContain(id: string): boolean;
}

/** At its edges a container stands for itself, so that one can get before and behind it. */
const EDGE_PX = 8;
const LINE_PX = 2;

/** Where something comes that is let go over a component. */
export function placeOnCanvas(layout: CanvasLayout, over: string, x: number, y: number): Place | null {
  const parent = layout.parentOf(over);
  const box = layout.boxOf(over);
  if (!box) return null;
  if (parent === undefined || (layout.mayContain(over) && !isAtEdge(box, layout.isRow(parent), x, y))) {
    return layout.mayContain(over) ? { parent: over, index: indexAmong(layout, over, x, y) } : null;
  }
  const index = layout.childrenOf(parent).indexOf(over);
  return index < 0 ? null : { parent, index: index + (isBeyond(box, layout.isRow(parent), x, y) ? 1 : 0) };
}

/** Where a line shows a place; in an empty component, all of it. */
export function markOnCanvas(layout: CanvasLayout, { parent, index }: Place): { kind: 'line' | 'into'; box: Box } | null {
  const children = layout.childrenOf(parent);
  const isRow = layout.isRow(parent);
  const before = children[index - 1] === undefined ? undefined : layout.boxOf(children[index - 1]!);
  const after = children[index] === undefined ? undefined : layout.boxOf(children[index]);
  const beside = before ?? after;
  if (!beside) {
    const box = layout.boxOf(parent);
    return box ? { kind: 'into', box } : null;
  }
  if (isRow) {
    const isSameLine = before && after && after.left >= before.right - 1;
    const at = before ? (isSameLine ? (before.right + after.left) / 2 : before.right + LINE_PX) : after!.left - LINE_PX;
    return { kind: 'line', box: { left: at - LINE_PX / 2, right: at + LINE_PX / 2, top: beside.top, bottom: beside.bottom } };
  }
  const at = before ? (after ? (before.bottom + after.top) / 2 : before.bottom + LINE_PX) : after!.top - LINE_PX;
  return { kind: 'line', box: { left: beside.left, right: beside.right, top: at - LINE_PX / 2, bottom: at + LINE_PX / 2 } };
}

/** Beside the child that is nearest. */
function indexAmong(layout: CanvasLayout, parent: string, x: number, y: number): number {
  let nearest = { index: 0, distance: Number.POSITIVE_INFINITY };
  for (const [index, child] of layout.childrenOf(parent).entries()) {
    const box = layout.boxOf(child);
    if (!box) continue;
    const distance = Math.hypot(outside(x, box.left, box.right), outside(y, box.top, box.bottom));
    if (distance < nearest.distance) nearest = { index: index + (isBeyond(box, layout.isRow(parent), x, y) ? 1 : 0), distance };
  }
  return nearest.index;
}

const outside = (at: number, from: number, to: number): number => Math.max(from - at, 0, at - to);

const isBeyond = ({ left, right, top, bottom }: Box, isRow: boolean, x: number, y: number): boolean => (isRow ? x > (left + right) / 2 : y > (top + bottom) / 2);

function isAtEdge({ left, right, top, bottom }: Box, isRow: boolean, x: number, y: number): boolean {
  const [at, from, to] = isRow ? [x, left, right] : [y, top, bottom];
  const edge = Math.min(EDGE_PX, (to - from) / 4);
  return at < from + edge || at > to - edge;
}
