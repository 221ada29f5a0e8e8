import type { Box } from './elements.js';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Where a tag may stand: its upper left corner. */
export interface Corner {
  readonly left: number;
  readonly top: number;
}

/** Corners around and in a frame at which a tag of this size touches it, the best first. */
export function cornersAround(frame: Box, { width, height }: Size, side: 'start' | 'end'): Corner[] {
  const [near, far] = side === 'start' ? [frame.left, frame.right - width] : [frame.right - width, frame.left];
  const [above, below] = [frame.top - height, frame.bottom];
  return [
    { left: near, top: above },
    { left: frame.right - width, top: frame.top },
    { left: near, top: below },
    { left: far, top: above },
    { left: far, top: below },
    { left: frame.right - width, top: frame.bottom - height },
    { left: frame.right, top: frame.top },
    { left: frame.left - width, top: frame.top },
  ];
}

export const boxAt = ({ left, top }: Corner, { width, height }: Size): Box => ({ left, top, right: left + width, bottom: top + height });

export function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

export function isWithin(inner: Box, outer: Box): boolean {
  return inner.left >= outer.left && inner.right <= outer.right && inner.top >= outer.top && inner.bottom <= outer.bottom;
}

/** The first corner at which the tag lies within the bounds, on no other tag and on nothing of the page; undefined where there is none. */
export function freeCorner(corners: readonly Corner[], size: Size, bounds: Box, taken: readonly Box[], isCovering: (box: Box) => boolean): Corner | undefined {
  return corners.find((corner) => {
    const box = boxAt(corner, size);
    return isWithin(box, bounds) && !taken.some((other) => overlap(box, other)) && !isCovering(box);
  });
}

/** Beside the page, below the tags that are there already. */
export function cornerBeside(left: number, top: number, size: Size, taken: readonly Box[]): Corner {
  let corner = { left, top };
  for (let other; (other = taken.find((each) => overlap(boxAt(corner, size), each))); ) corner = { left, top: other.bottom };
  return corner;
}
