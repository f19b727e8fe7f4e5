// @ts-check
import { sheet } from '../parts/sheets.js'

export const HEALTH_SHEET = sheet(`
:host { display: block; container-type: inline-size }
.card { display: flex; flex-direction: column; height: 100%; border: 1px solid var(--line); border-radius: var(--radius); background: var(--surface); overflow: clip }
.top { display: flex; align-items: center; gap: 4px; height: 48px; padding: 0 8px 0 16px; border-bottom: 1px solid var(--line) }
.top h2 { flex: 1; font-size: 15px }
.loading { display: grid; flex: 1; place-items: center; min-height: 420px; color: var(--muted) }
.tiles { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: 8px; padding: 12px 16px }
.tile { padding: 6px 10px; border: 1px solid var(--line); border-left: 3px solid var(--unknown); border-radius: 6px; background: var(--raised) }
.edge-good { border-left-color: var(--success) }
.edge-poor { border-left-color: var(--warning) }
.edge-bad { border-left-color: var(--danger) }
.tile dt { font-size: 12px; white-space: nowrap }
.figure { font-size: 20px; font-weight: 650; line-height: 1.2 }
.content { display: flex; flex-direction: column; flex: 1 }
.columns { display: grid; flex: 1; align-items: start; border-top: 1px solid var(--line) }
.main { max-height: var(--feedmux-list-height, 340px); padding: 4px 16px 12px }
.main, .detail { scrollbar-width: thin; scrollbar-color: light-dark(#b6c2d2, #3b4a63) transparent }
.main:focus-visible { outline-offset: -3px }
@supports selector(::-webkit-scrollbar) { .main, .detail { scrollbar-width: auto; scrollbar-color: auto } }
.categories { column-gap: 28px }
.category { break-inside: avoid }
.none { padding: 12px 0; color: var(--muted) }
.category h3 { padding: 8px 0 3px; border-bottom: 1px solid var(--line); font-size: 12px; color: var(--accent-text) }
.between { display: flex; flex-wrap: wrap; align-items: baseline; justify-content: space-between; gap: 0 12px }
.row { display: grid; grid-template-columns: minmax(0, 1fr) auto 92px 46px; gap: 8px; align-items: baseline; height: 25px; line-height: 25px }
.row .number { text-align: end }
.status { white-space: nowrap }
.badge { padding: 0 5px; border: 1px solid var(--line); border-radius: 4px; font-size: 11px; line-height: 16px; color: var(--muted); white-space: nowrap }
.aside { border-top: 1px solid var(--line) }
.block { padding: 10px 16px 12px }
.block:not([hidden]) ~ .block { border-top: 1px solid var(--line) }
.block h3 { padding-bottom: 4px; font-size: 13px }
.counts { display: flex; white-space: nowrap; gap: 10px; font-weight: 400; font-size: 12px }
.row.host { grid-template-columns: minmax(0, 1fr) auto 48px }
.row.breaker { grid-template-columns: auto minmax(0, 1fr); gap: 0 8px; height: auto; padding: 3px 0; line-height: 20px }
.row.breaker > .cut { grid-column: 1 / -1 }
.row.breaker .number { color: var(--muted); font-size: 12px; text-align: start }
.hosts ul { min-height: 75px }
.breakers ul { min-height: 50px }
.sentence { min-height: 21px; font-weight: 500 }
.number { font-variant-numeric: tabular-nums }
.trouble { order: 1; min-width: 0; overflow-wrap: anywhere; color: var(--danger-text) }
.trouble:not(:empty) { flex-basis: 100% }
.trouble:empty { position: absolute }
.bottom { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 4px 16px; padding: 8px 16px; background: var(--raised); border-top: 1px solid var(--line); font-size: 12px; color: var(--muted) }
.every { display: flex; align-items: center; gap: 6px; min-height: 24px; margin-inline-start: auto; cursor: pointer }
.every input { width: 16px; height: 16px; margin: 0; accent-color: var(--accent-text) }
.updated { align-self: center }
.detail { flex: none; max-height: var(--feedmux-detail-height, none); padding: 12px 16px 16px; border-top: 1px solid var(--line); background: var(--raised) }
.detail:focus-visible { outline-offset: -3px }
.detail .sentence { font-weight: 400; font-size: 12px; padding-bottom: 8px }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(240px, 100%), 1fr)); gap: 10px; min-height: 200px }
.panel { min-width: 0; padding: 10px 12px; border: 1px solid var(--line); border-radius: 6px; background: var(--surface) }
.first { display: flex; align-items: center; gap: 8px }
.first h4 { flex: 1 }
.word { font-size: 11px; font-weight: 600; white-space: nowrap }
.spark { display: block; width: 100%; height: 30px; margin: 6px 0; border-bottom: 1px solid var(--line) }
.spark path { stroke: var(--accent-text); stroke-width: 1.5; stroke-linecap: round; stroke-linejoin: round; vector-effect: non-scaling-stroke }
.four { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: 6px; margin-bottom: 6px }
.four dt { font-size: 11px }
.four dd { font-weight: 600 }
.bar { display: grid; grid-template-columns: 1fr auto; gap: 1px 8px; padding: 3px 0; font-size: 12px }
.track { position: relative; grid-column: 1 / -1; height: 5px; border-radius: 3px; background: var(--line) }
.fill { display: block; height: 100%; border-radius: 3px; background: var(--accent); transition: inline-size 0.3s }
.fill[data-state='poor'] { background: var(--warning) }
.fill[data-state='bad'] { background: var(--danger) }
.aim { position: absolute; inset-block: -2px; width: 2px; background: var(--text) }
.last { margin-top: 6px; font-size: 12px; color: var(--danger-text) }
.terms { display: inline-block; margin-top: 4px; font-size: 12px; color: var(--accent-text) }
.last.muted { color: var(--muted) }
@container (min-width: 620px) {
  .columns { grid-template-columns: minmax(0, 1fr) minmax(270px, 0.55fr) }
  .aside { border-top: 0; border-left: 1px solid var(--line); align-self: stretch }
}
@container (min-width: 980px) {
  .categories { columns: 2 }
}
@container (max-width: 420px) {
  .tiles { grid-template-columns: repeat(2, minmax(0, 1fr)) }
  .row { grid-template-columns: minmax(0, 1fr) auto 88px 42px; gap: 6px }
}
@media (forced-colors: active) {
  .track { border: 1px solid CanvasText; height: 7px }
  .aim { forced-color-adjust: none; background: CanvasText }
  .spark path { stroke: CanvasText }
}
`)
