/** As if it had been written there: over what is selected, and Ctrl+Z takes it back, which no other way of changing a field leaves. */
export function insertAtCaret(area: HTMLTextAreaElement | null, text: string): void {
  area?.focus();
  document.execCommand('insertText', false, text);
}
