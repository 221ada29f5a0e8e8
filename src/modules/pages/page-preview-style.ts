/** The look of previews: a file of its own, since their policy allows no style within them. */
export const PREVIEW_CSS = `
:root { color-scheme: light; --ink: #1b1d1c; --soft: #555a58; --line: #e4e2dd; --paper: #fff; --desk: #f6f5f3; --accent: #0b6b5d; }
* { box-sizing: border-box; }
body { margin: 0; padding: 24px 16px; background: var(--desk); color: var(--ink); font: 16px/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "PingFang SC", "Microsoft YaHei", sans-serif; overflow-wrap: anywhere; }
main { max-width: 960px; min-height: 160px; margin: 0 auto; padding: 40px; background: var(--paper); border: 1px solid var(--line); border-radius: 12px; box-shadow: 0 1px 2px rgb(28 36 48 / 6%), 0 8px 24px rgb(28 36 48 / 6%); }
.stack { display: flex; flex-direction: column; gap: 16px; min-width: 0; }
.row { display: flex; flex-direction: row; flex-wrap: wrap; gap: 16px; }
.row > * { flex: 1 1 160px; min-width: 0; }
.row > .button { flex: 0 0 auto; align-self: center; }
.gap-small { gap: 8px; }
.gap-large { gap: 32px; }
.align-start { align-items: flex-start; }
.align-center { align-items: center; }
.align-end { align-items: flex-end; }
.row.align-start, .row.align-center, .row.align-end { justify-content: flex-start; }
.row.align-center { justify-content: center; }
.row.align-end { justify-content: flex-end; }
.row.align-start > *, .row.align-center > *, .row.align-end > * { flex: 0 1 auto; }
h1, h2, p { margin: 0; white-space: pre-wrap; }
h1 { font-size: 32px; line-height: 1.25; letter-spacing: -0.01em; }
h2 { font-size: 22px; line-height: 1.35; }
.caption { color: var(--soft); font-size: 14px; }
.text-left { text-align: left; }
.text-center { text-align: center; }
.text-right { text-align: right; }
img { display: block; align-self: flex-start; max-width: 100%; height: auto; border-radius: 8px; }
.no-image { display: grid; place-items: center; min-height: 120px; padding: 16px; border-radius: 8px; background: var(--desk); color: var(--soft); font-size: 14px; }
.button { display: inline-block; align-self: flex-start; max-width: 100%; padding: 9px 18px; border: 1px solid transparent; border-radius: 8px; font: inherit; font-weight: 600; line-height: 1.5; text-align: center; text-decoration: none; }
.align-center > .button, .align-center > img { align-self: center; }
.align-end > .button, .align-end > img { align-self: flex-end; }
.primary { background: var(--accent); color: #fff; }
.secondary { border-color: var(--line); background: var(--paper); color: var(--ink); }
a.button:hover { filter: brightness(0.94); }
a.button:focus-visible { outline: 3px solid rgb(36 87 214 / 40%); outline-offset: 2px; }
button.primary { background: #e6e4df; color: #555a58; }
button.secondary { background: var(--desk); color: var(--soft); }
.field { display: flex; flex-direction: column; gap: 6px; }
.field > span { font-size: 14px; font-weight: 600; }
.field.check { flex-direction: row; align-items: center; gap: 10px; }
.field.check > span { font-size: 16px; font-weight: 400; }
.required { color: #b42318; }
input, textarea, select { width: 100%; padding: 9px 12px; border: 1px solid #8b908d; border-radius: 8px; background: var(--paper); color: var(--ink); font: inherit; opacity: 1; }
input::placeholder, textarea::placeholder { color: #676c6a; opacity: 1; }
input[type="checkbox"] { width: 18px; height: 18px; flex: none; margin: 0; }
textarea { min-height: 96px; resize: none; }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 8px; }
table { width: 100%; border-collapse: collapse; font-size: 15px; }
th, td { padding: 10px 14px; border-bottom: 1px solid var(--line); text-align: start; vertical-align: top; overflow-wrap: normal; }
th { background: var(--desk); font-size: 14px; }
tr:last-child > td { border-bottom: 0; }
.unknown { padding: 16px; border: 1px dashed #8b908d; border-radius: 8px; }
.name, .note { color: var(--soft); font-size: 14px; }
.note { text-align: center; }
@media (max-width: 640px) { body { padding: 0; } main { padding: 24px 16px; border: 0; border-radius: 0; box-shadow: none; } h1 { font-size: 26px; } }
@media print { body { padding: 0; background: none; } main { max-width: none; padding: 0; border: 0; box-shadow: none; } }
`.trimStart();
