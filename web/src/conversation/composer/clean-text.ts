/** C0 and C1 controls other than tab and line breaks, which the server refuses; pasted text brings them along unseen. */
const FORBIDDEN_CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/gu;

/** What somebody wrote, as it can be sent: without invisible controls, halves of characters, and empty lines around it. */
export function cleanText(text: string): string {
  return text
    .toWellFormed()
    .replace(FORBIDDEN_CONTROLS, '')
    .replace(/^(?:[ \t]*\r?\n)+/u, '')
    .trimEnd();
}
