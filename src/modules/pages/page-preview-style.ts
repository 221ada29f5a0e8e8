import { LOOK_CSS } from './look/look-css.js';

/** The look of previews: a file of its own, since their policy allows no style within them. */
export const PREVIEW_CSS = `
:root { color-scheme: light; }
body { margin: 0; background: #f6f5f3; }
.desk { padding: 24px 16px; }
${LOOK_CSS}
@media (max-width: 640px) { .desk { padding: 0; } }
@media print { body { background: none; } .desk { padding: 0; } .look.paper { max-width: none; padding: 0; border: 0; box-shadow: none; } }
`.trimStart();
