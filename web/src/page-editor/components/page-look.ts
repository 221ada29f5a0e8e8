/* How pages look is said once, for the preview of the server and for the canvas here. */
import { LOOK_CSS } from '../../../../src/modules/pages/look/look-css.js';

export type { Json, JsonObject } from '../../../../src/modules/pages/document/json-value.js';
export { type LookElement, type LookNode, lookOf, type LookTag, type LookWords, rootLook } from '../../../../src/modules/pages/look/look.js';
export { imageOf, linkOf } from '../../../../src/modules/pages/look/values.js';

let isStyled = false;

/** Brings the style sheet of pages into the document: by the CSSOM, since the content policy lets no style stand in it. */
export function styleLooks(): void {
  if (isStyled) return;
  isStyled = true;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(LOOK_CSS);
  document.adoptedStyleSheets.push(sheet);
}
