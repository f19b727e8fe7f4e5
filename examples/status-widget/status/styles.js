// @ts-check
import { SECTION_CSS } from '../parts/section.js'
import { sheet } from '../parts/sheets.js'

export const STATUS_SHEET = sheet(`
:host { display: contents }
.fab { position: fixed; z-index: var(--feedmux-z, 900); top: 50%; right: 20px; translate: 0 -50%; display: grid; place-items: center; width: 56px; height: 56px; padding: 0; border: 0; border-radius: 50%; background: var(--accent); color: #06302b; box-shadow: 0 4px 14px rgb(15 23 42 / 0.28); cursor: pointer; transition: translate 0.2s, box-shadow 0.2s }
.fab svg { width: 24px; height: 24px }
.fab:hover { translate: -4px -50%; box-shadow: 0 8px 22px rgb(15 23 42 / 0.36) }
.fab[aria-expanded='true'] { visibility: hidden }
.drawer { position: fixed; z-index: var(--feedmux-z, 900); inset: 0 0 0 auto; display: flex; flex-direction: column; width: min(400px, 100vw); max-width: none; height: 100dvh; max-height: none; margin: 0; padding: 0; border: 0; border-left: 1px solid var(--line); background: var(--surface); color: var(--text); box-shadow: var(--shadow); transition: translate 0.4s cubic-bezier(0.2, 0.8, 0.2, 1), display 0.4s allow-discrete, overlay 0.4s allow-discrete }
.drawer:not([open]) { display: none; translate: 100% 0; box-shadow: none }
.drawer::backdrop { background: none }
@starting-style { .drawer[open] { translate: 100% 0 } }
.top { display: flex; align-items: center; gap: 4px; flex: none; height: 56px; padding: 0 10px 0 16px; border-bottom: 1px solid var(--line); border-top: 3px solid var(--accent) }
.top h2 { font-size: 15px }
.pill { margin: 0 auto 0 8px; padding: 1px 9px; border: 1px solid currentColor; border-radius: 99px; font-size: 11px; font-weight: 600; line-height: 18px; color: var(--muted) }
.pill[data-state='good'] { color: var(--success-text) }
.pill[data-state='poor'] { color: var(--warning-text) }
.pill[data-state='bad'] { color: var(--danger-text) }
.parts { flex: 1; min-height: 0; scrollbar-width: thin; scrollbar-color: light-dark(#b6c2d2, #3b4a63) transparent }
@supports selector(::-webkit-scrollbar) { .parts { scrollbar-width: auto; scrollbar-color: auto } }
.bottom { flex: none; min-height: 36px; padding: 8px 16px; border-top: 1px solid var(--line); background: var(--raised); font-size: 12px }
.updated { color: var(--muted) }
.trouble { color: var(--danger-text); overflow-wrap: anywhere }
.providers { min-height: calc(5 * 46px) }
.provider { height: 46px; padding: 5px 8px; border-radius: 6px; transition: translate 0.2s, box-shadow 0.2s }
.provider:hover { translate: -4px 0; background: var(--raised); box-shadow: 4px 2px 10px rgb(15 23 42 / 0.12) }
.first { display: flex; align-items: baseline; gap: 8px }
.first .dot { align-self: center; margin-inline-end: 5px }
.name { flex: 1; font-weight: 600 }
.word { flex: 0 1 auto; max-width: 45%; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-size: 11px; font-weight: 600 }
.line { padding-left: 22px; font-size: 12px }
.inner:has(.providers) { padding: 0 6px }
.empty { padding-left: 22px; color: var(--muted) }
.providers + .empty { padding-inline: 30px 8px }
.waiting { min-height: calc(5 * 46px) }
.pairs { display: grid; gap: 1px }
.pair { display: flex; align-items: baseline; min-width: 0; padding: 2px 0 2px 22px; min-height: 23px }
.pair:has(.dot) { padding-left: 0 }
.pair > :first-child { flex: 1 0 auto; margin-inline-end: 14px; white-space: pre }
.pair > .cut:first-child { flex-shrink: 1 }
.pair > :last-child { text-align: end; white-space: nowrap }
/* one column of lights: the words are written in the order in which they are read out and copied */
.lit { display: contents }
.lit .dot { order: -1; align-self: center; margin-inline-end: 13px }
.number { font-variant-numeric: tabular-nums; font-weight: 500 }
.under { margin: 8px 0 3px; padding-left: 22px; font-size: 11px; letter-spacing: 0.04em; color: var(--accent-text) }
.under:has(+ :empty) { display: none }
.services { display: grid; gap: 1px }
.service { display: grid; grid-template-columns: 14px minmax(0, 1fr) auto 52px; gap: 8px; align-items: center; min-height: 23px }
.service .number { text-align: end }
.errors { display: grid; gap: 8px; padding-left: 22px }
.error { padding: 7px 10px; border-left: 3px solid var(--danger); border-radius: 0 6px 6px 0; background: var(--raised); overflow-wrap: anywhere }
.what { font-weight: 600 }
.message { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 4; overflow: hidden }
.action { color: var(--accent-text); font-weight: 500 }
${SECTION_CSS}
@media (forced-colors: active) { .fab { border: 2px solid ButtonText } }
@media (max-width: 480px) { .drawer { border-left: 0; width: 100vw } }
`)
