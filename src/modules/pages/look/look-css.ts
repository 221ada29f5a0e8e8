/**
 * How pages look, wherever they are shown: within `.look`, on a `.desk` that says how much room there is. A page is paper: light in every
 * theme, since it is the same for all who read it.
 */
export const LOOK_CSS = `
.look { --look-ink: #1b1d1c; --look-soft: #555a58; --look-line: #e4e2dd; --look-paper: #fff; --look-desk: #f6f5f3; --look-accent: #0b6b5d; --look-edge: #8b908d; color-scheme: light; color: var(--look-ink); font: 16px/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "PingFang SC", "Microsoft YaHei", sans-serif; letter-spacing: normal; text-align: start; overflow-wrap: anywhere; }
.look, .look * { box-sizing: border-box; }
.look.paper { width: 100%; max-width: 960px; min-height: 160px; margin: 0 auto; padding: 40px; background: var(--look-paper); border: 1px solid var(--look-line); border-radius: 12px; box-shadow: 0 1px 2px rgb(28 36 48 / 6%), 0 8px 24px rgb(28 36 48 / 6%); }
.look.stack, .look .stack { display: flex; flex-direction: column; gap: 16px; min-width: 0; }
.look .row { display: flex; flex-direction: row; flex-wrap: wrap; gap: 16px; min-width: 0; }
.look .row > * { flex: 1 1 160px; min-width: 0; }
.look .row > .button { flex: 0 0 auto; align-self: center; }
.look.gap-small, .look .gap-small { gap: 8px; }
.look.gap-large, .look .gap-large { gap: 32px; }
.look.align-start, .look .align-start { align-items: flex-start; }
.look.align-center, .look .align-center { align-items: center; }
.look.align-end, .look .align-end { align-items: flex-end; }
.look .row.align-start, .look .row.align-center, .look .row.align-end { justify-content: flex-start; }
.look .row.align-center { justify-content: center; }
.look .row.align-end { justify-content: flex-end; }
.look .row.align-start > *, .look .row.align-center > *, .look .row.align-end > * { flex: 0 1 auto; }
.look .text { margin: 0; font: inherit; text-wrap: wrap; white-space: pre-wrap; }
.look .text.heading1 { font-size: 32px; font-weight: 700; line-height: 1.25; letter-spacing: -0.01em; }
.look .text.heading2 { font-size: 22px; font-weight: 700; line-height: 1.35; }
.look .text.caption { color: var(--look-soft); font-size: 14px; }
.look .text-left { text-align: left; }
.look .text-center { text-align: center; }
.look .text-right { text-align: right; }
.look .image { display: block; align-self: flex-start; max-width: 100%; height: auto; border-radius: 8px; }
.look .no-image { display: grid; place-items: center; min-height: 120px; padding: 16px; border-radius: 8px; background: var(--look-desk); color: var(--look-soft); font-size: 14px; }
.look .button { display: inline-block; align-self: flex-start; max-width: 100%; margin: 0; padding: 9px 18px; border: 1px solid transparent; border-radius: 8px; font: inherit; font-weight: 600; line-height: 1.5; text-align: center; text-decoration: none; }
.look.align-center > .button, .look.align-center > .image, .look .align-center > .button, .look .align-center > .image { align-self: center; }
.look.align-end > .button, .look.align-end > .image, .look .align-end > .button, .look .align-end > .image { align-self: flex-end; }
.look .primary { background: var(--look-accent); color: #fff; }
.look .secondary { border-color: var(--look-edge); background: var(--look-paper); color: var(--look-ink); }
.look a.button:hover { filter: brightness(0.94); }
.look a.button:focus-visible { outline: 3px solid rgb(36 87 214 / 40%); outline-offset: 2px; }
.look .field { display: flex; flex-direction: column; gap: 6px; }
.look .caption-of { font-size: 14px; font-weight: 600; }
.look .field.check { flex-direction: row; align-items: center; gap: 10px; }
.look .field.check > .caption-of { font-size: 16px; font-weight: 400; }
.look .required { color: #b42318; font-weight: 700; }
.look .control { width: 100%; margin: 0; padding: 9px 12px; border: 1px solid var(--look-edge); border-radius: 8px; background: var(--look-paper); color: var(--look-ink); font: inherit; letter-spacing: normal; opacity: 1; }
.look .control::placeholder { color: #676c6a; opacity: 1; }
.look .box { width: 18px; height: 18px; flex: none; margin: 0; color: inherit; font: inherit; }
.look textarea.control { min-height: 96px; resize: none; }
.look .scroll { overflow-x: auto; border: 1px solid var(--look-line); border-radius: 8px; }
.look .table { width: 100%; border-collapse: collapse; font-size: 15px; }
.look .table th, .look .table td { padding: 10px 14px; border-bottom: 1px solid var(--look-line); text-align: start; vertical-align: top; overflow-wrap: normal; }
.look .table thead { background: var(--look-desk); }
.look .table th { font-size: 14px; font-weight: 700; }
.look .table tr:last-child > td { border-bottom: 0; }
.look .unknown { padding: 16px; border: 1px dashed var(--look-edge); border-radius: 8px; }
.look .name, .look .note { margin: 0; color: var(--look-soft); font-size: 14px; }
.look .note { text-align: center; white-space: pre-wrap; }
.desk { container: desk / inline-size; }
@container desk (max-width: 640px) { .look.paper { padding: 24px 16px; border: 0; border-radius: 0; box-shadow: none; } .look .text.heading1 { font-size: 26px; } }
`.trimStart();
