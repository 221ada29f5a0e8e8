import { LOOK_CSS } from '@atrium/client/look';

let isStyled = false;

/** Brings the style sheet of pages into the document: by the CSSOM, since the content policy lets no style stand in it. */
export function stylePages(): void {
  if (isStyled) return;
  isStyled = true;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(LOOK_CSS);
  document.adoptedStyleSheets.push(sheet);
}
