import { Component, type RefObject } from 'react';
import { mapOffset } from './caret.js';

export type TextElement = HTMLInputElement | HTMLTextAreaElement;

interface CaretKeeperProps {
  readonly field: RefObject<TextElement | null>;
  /** What is about to stand in the field. */
  readonly value: string;
}

interface Caret {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly direction: 'forward' | 'backward' | 'none' | undefined;
}

/**
 * Keeps caret and selection where they are while others change the text of the field that has the focus; a browser would put them at the
 * end. A class, since only classes are asked before the DOM changes (`getSnapshotBeforeUpdate`).
 */
export class CaretKeeper extends Component<CaretKeeperProps> {
  override getSnapshotBeforeUpdate({ value }: CaretKeeperProps): Caret | null {
    const element = this.props.field.current;
    // What one types oneself stands in the field already, and the browser has moved the caret.
    if (value === this.props.value || !element || document.activeElement !== element || element.value === this.props.value) return null;
    return { text: element.value, start: element.selectionStart ?? 0, end: element.selectionEnd ?? 0, direction: element.selectionDirection ?? undefined };
  }

  override componentDidUpdate(_props: CaretKeeperProps, _state: unknown, caret: Caret | null): void {
    const element = this.props.field.current;
    if (!caret || !element) return;
    const { text, start, end, direction } = caret;
    const at = mapOffset(text, element.value, start);
    element.setSelectionRange(at, start === end ? at : mapOffset(text, element.value, end), direction);
  }

  override render(): null {
    return null;
  }
}
