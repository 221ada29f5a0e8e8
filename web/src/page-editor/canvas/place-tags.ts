import type { Box } from './elements.js';
import { boxAt, cornerBeside, cornersAround, freeCorner, overlap, type Size } from './tag-places.js';

/** A tag may reach so far above the page. */
const ABOVE_PX = 20;
const BESIDE_PX = 3;

/**
 * Puts the tags of a layer where they cover neither each other nor what is on the page. One that finds no such place stands beside the page
 * as an initial, or is hidden, if it says what is known anyway. Each reads `data-tag`: on which side of its frame it would rather be.
 */
export function placeTags(layer: HTMLElement, content: HTMLElement): void {
  const page = content.getBoundingClientRect();
  const bounds = { left: page.left, top: page.top - ABOVE_PX, right: page.right, bottom: page.bottom };
  const covering = new Coverage();
  const taken: Box[] = [];
  // The names of people choose first; what is left over is for one's own.
  const isName = (tag: HTMLElement): number => Number(tag.dataset['initial'] !== undefined);
  for (const tag of [...layer.querySelectorAll<HTMLElement>('[data-tag]')].sort((a, b) => isName(b) - isName(a))) {
    delete tag.dataset['narrow'];
    delete tag.dataset['hidden'];
    const frame = tag.parentElement!.getBoundingClientRect();
    let size = sizeOf(tag);
    let corner = freeCorner(cornersAround(frame, size, tag.dataset['tag'] === 'start' ? 'start' : 'end'), size, bounds, taken, (box) => covering.isCovered(box));
    if (!corner && tag.dataset['initial'] === undefined) {
      tag.dataset['hidden'] = '';
      continue;
    }
    if (!corner) {
      tag.dataset['narrow'] = '';
      size = sizeOf(tag);
      corner = cornerBeside(page.right + BESIDE_PX, frame.top, size, taken);
    }
    taken.push(boxAt(corner, size));
    tag.style.transform = `translate(${corner.left - frame.left}px, ${corner.top - frame.top}px)`;
  }
}

function sizeOf(tag: HTMLElement): Size {
  return { width: tag.offsetWidth, height: tag.offsetHeight };
}

/** What is on the page under a place. It looks at a few points of it, so its cost does not grow with the page. */
class Coverage {
  private readonly known = new Map<Element, readonly Box[]>();

  isCovered(box: Box): boolean {
    const middle = (box.left + box.right) / 2;
    for (const x of [box.left + 1, middle, box.right - 1]) {
      for (const y of [box.top + 1, box.bottom - 1]) {
        const component = document.elementFromPoint(x, y)?.closest('[data-component]');
        if (component && this.contentOf(component).some((each) => overlap(box, each))) return true;
      }
    }
    return false;
  }

  /** Of a text the lines, however wide its component is; of all else that holds nothing, the whole. */
  private contentOf(component: Element): readonly Box[] {
    let boxes = this.known.get(component);
    if (!boxes) this.known.set(component, (boxes = boxesOf(component)));
    return boxes;
  }
}

function boxesOf(component: Element): Box[] {
  if (component.querySelector('[data-component]')) return [];
  if (component.getAttribute('data-type') !== 'text') return [component.getBoundingClientRect()];
  const range = document.createRange();
  range.selectNodeContents(component);
  return [...range.getClientRects()];
}
