/* How a page looks, as the server's preview has it: for clients that show pages themselves. */
export type { JsonObject } from '../../src/modules/pages/document/json-value.js';
export { type LookElement, type LookNode, type LookText, lookOf, type LookTag, type LookWords, rootLook } from '../../src/modules/pages/look/look.js';
export { LOOK_CSS } from '../../src/modules/pages/look/look-css.js';
export { imageOf, linkOf } from '../../src/modules/pages/look/values.js';
