import { DIRECTIONS } from '../components/component-types.js';
import { choiceOf } from '../components/props.js';
import type { CanvasLayout } from '../drag/canvas-drop.js';
import type { Editor } from '../editor.js';

/** The canvas as it is on the screen now. */
export function layoutOf({ page, elements, commands }: Editor): CanvasLayout {
  return {
    boxOf: (id) => elements.boxOf(id),
    childrenOf: (id) => page.tree.childrenOf(id).map(String),
    parentOf: (id) => page.tree.parentOf(id),
    isRow: (id) => choiceOf(page.tree.component(id)?.props, 'direction', DIRECTIONS) === 'row',
    mayContain: (id) => commands.mayContain(id),
  };
}
