// @ts-check

/**
 * A style sheet for shadow roots: made by script, so that it needs no inline style under a strict CSP.
 * @param {string} css
 */
export function sheet(css) {
  const made = new CSSStyleSheet()
  made.replaceSync(css)
  return made
}

/** The theme. Each `--feedmux-…` can be set by the page; colours follow its `color-scheme`. Text colours keep 4.5:1 on the surfaces. */
export const THEME = sheet(`
:host {
  --accent: var(--feedmux-accent, #14b8a6);
  --success: var(--feedmux-success, #10b981);
  --warning: var(--feedmux-warning, #f59e0b);
  --danger: var(--feedmux-danger, #ef4444);
  --unknown: var(--feedmux-unknown, #6b7280);
  --surface: var(--feedmux-surface, light-dark(#ffffff, #111827));
  --raised: var(--feedmux-raised, light-dark(#f8fafc, #172033));
  --line: var(--feedmux-line, light-dark(#e2e8f0, #273449));
  --text: var(--feedmux-text, light-dark(#0f172a, #e5e9f0));
  --muted: var(--feedmux-muted, light-dark(#526075, #9aa7ba));
  --accent-text: var(--feedmux-accent-text, light-dark(#0f766e, #2dd4bf));
  --success-text: var(--feedmux-success-text, light-dark(#047857, #34d399));
  --warning-text: var(--feedmux-warning-text, light-dark(#9a4a06, #fbbf24));
  --danger-text: var(--feedmux-danger-text, light-dark(#b91c1c, #fb8585));
  --radius: var(--feedmux-radius, 10px);
  --shadow: var(--feedmux-shadow, 0 12px 40px rgb(15 23 42 / 0.22));
  font: 13px/1.45 var(--feedmux-font, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif);
  color: var(--text);
  font-variant-numeric: tabular-nums;
  text-align: start;
}
:host([theme='light']) { color-scheme: light }
:host([theme='dark']) { color-scheme: dark }
:host([hidden]) { display: none }
*, ::before, ::after { box-sizing: border-box }
h2, h3, h4, p, ul, dl, dd, table { margin: 0; padding: 0 }
h2, h3, h4 { font-size: inherit; font-weight: 600 }
ul { list-style: none }
button { font: inherit; color: inherit }
:focus-visible { outline: 2px solid var(--accent-text); outline-offset: 2px }
[hidden] { display: none !important }
.unseen { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
.icon { display: inline-grid; place-items: center; width: 32px; height: 32px; padding: 0; border: 1px solid transparent; border-radius: 8px; background: none; color: var(--muted); cursor: pointer }
.icon:hover { background: light-dark(rgb(15 23 42 / 0.06), rgb(255 255 255 / 0.08)); color: var(--text) }
.icon svg, .fab svg { width: 16px; height: 16px; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round }
.icon[aria-busy='true'] svg { animation: turn 0.9s linear infinite }
@keyframes turn { to { rotate: 360deg } }
.dot { display: inline-block; flex: none; width: 9px; height: 9px; border-radius: 50%; background: var(--unknown); font-size: 0; overflow: hidden }
.dot[data-state='good'] { background: var(--success) }
.dot[data-state='poor'] { background: var(--warning); border-radius: 2px }
.dot[data-state='bad'] { background: var(--danger); border-radius: 1px; rotate: 45deg }
.dot[data-state='off'] { background: none; border: 2px solid var(--unknown) }
.good { color: var(--success-text) }
.poor { color: var(--warning-text) }
.bad { color: var(--danger-text) }
.off, .muted { color: var(--muted) }
.cut { overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
.scroll { overflow: auto; overscroll-behavior: contain; scrollbar-gutter: stable }
.scroll::-webkit-scrollbar { width: 6px; height: 6px }
.scroll::-webkit-scrollbar-thumb { border-radius: 3px; background: light-dark(#b6c2d2, #3b4a63) }
.scroll::-webkit-scrollbar-track { background: transparent }
@media (prefers-reduced-motion: reduce) {
  *, ::before, ::after { transition-duration: 0s !important; animation: none !important; scroll-behavior: auto !important }
}
@media (forced-colors: active) {
  .dot, .fill { forced-color-adjust: none }
}
`)
