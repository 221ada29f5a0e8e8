import { type RefObject, useEffect } from 'react';
import type { Editor } from '../editor.js';
import type { Step } from './step-place.js';

const STEPS: Record<string, Step> = { ArrowUp: 'up', ArrowDown: 'down', ArrowRight: 'in', ArrowLeft: 'out' };

/** What is written into does with keys what it wants. */
function isWritten(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName));
}

/** A menu or dialog is open, or somebody is elsewhere. */
function isElsewhere(root: HTMLElement | null, target: EventTarget | null): boolean {
  return !root || !(target instanceof Node) || (target !== document.body && !root.contains(target));
}

/** Where the page is worked on: the tree, the canvas and what can be added. In other places, keys without Ctrl mean other things. */
function isAtWork(target: EventTarget | null): boolean {
  return target === document.body || (target instanceof Element && target.closest('[data-work]') !== null);
}

/** The shortcuts of the editor, and its part of the clipboard, wherever in it the focus is. */
export function useEditingKeys(root: RefObject<HTMLElement | null>, editor: Editor, onHelp: () => void): void {
  useEffect(() => {
    const { commands } = editor;
    const key = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing || isElsewhere(root.current, event.target)) return;
      const action = actionOf(editor, event, onHelp);
      if (!action || (isWritten(event.target) && !isForAll(event)) || !(event.ctrlKey || event.metaKey || isAtWork(event.target))) return;
      event.preventDefault();
      action();
    };
    const taken = (event: ClipboardEvent): boolean => isElsewhere(root.current, event.target) || isWritten(event.target) || getSelection()?.isCollapsed === false;
    const copy = (event: ClipboardEvent): void => {
      const text = taken(event) ? null : commands.copy();
      if (text === null) return;
      event.preventDefault();
      event.clipboardData?.setData('text/plain', text);
      if (event.type === 'cut') commands.remove();
    };
    const paste = (event: ClipboardEvent): void => {
      if (!taken(event) && commands.paste(event.clipboardData?.getData('text/plain') ?? '')) event.preventDefault();
    };
    document.addEventListener('keydown', key);
    document.addEventListener('copy', copy);
    document.addEventListener('cut', copy);
    document.addEventListener('paste', paste);
    return () => {
      document.removeEventListener('keydown', key);
      document.removeEventListener('copy', copy);
      document.removeEventListener('cut', copy);
      document.removeEventListener('paste', paste);
    };
  }, [root, editor, onHelp]);
}

/** Undo is that of the page, also in a field: what is written there is on the page already. */
function isForAll({ key, ctrlKey, metaKey }: KeyboardEvent): boolean {
  return (ctrlKey || metaKey) && /^[zy]$/i.test(key);
}

function actionOf({ commands, selection, past }: Editor, { key, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent, onHelp: () => void): (() => void) | null {
  const letter = key.toLowerCase();
  if (ctrlKey || metaKey) {
    if (altKey) return null;
    if (letter === 'z') return () => commands.reverse(shiftKey ? 'redo' : 'undo');
    if (letter === 'y') return () => commands.reverse('redo');
    if (letter === 'd') return () => commands.duplicate();
    return null;
  }
  if (altKey) return STEPS[key] && selection.size > 0 ? () => commands.step(STEPS[key]!) : null;
  if (key === '?') return onHelp;
  if (key === 'Escape' && past.get()) return () => past.set(null);
  if (selection.size === 0) return null;
  if (key === 'Delete' || key === 'Backspace') return () => commands.remove();
  if (key === 'Escape') return () => commands.selectParent();
  return null;
}
