import { page, type Reply } from './reply.js'

/** Text that may stand in HTML, in an attribute too. */
export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;')

const STYLE = `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{max-width:64rem;margin:0 auto;padding:1.5rem 1rem 4rem}
h1{margin:0 0 .5rem;font-size:1.6rem}h1 small{font-size:.9rem;font-weight:400;opacity:.75}h2{margin:2rem 0 .5rem;font-size:1.2rem}h3{margin:1rem 0 .25rem;font-size:.95rem}
code,pre{font:.875rem/1.45 ui-monospace,monospace}
pre{overflow:auto;max-height:24rem;margin:.25rem 0;padding:.6rem .8rem;border:1px solid #8886;border-radius:6px}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1rem;margin:0;padding:0;list-style:none}
details{border:1px solid #8886;border-radius:6px;margin:.4rem 0;padding:0 .8rem}details[open]{padding-bottom:.8rem}
summary{padding:.5rem 0;cursor:pointer;overflow-wrap:anywhere}summary:focus-visible,a:focus-visible,pre:focus-visible{outline:2px solid;outline-offset:2px}
table{border-collapse:collapse;width:100%;font-size:.9rem}th,td{text-align:left;vertical-align:top;padding:.25rem .75rem .25rem 0}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1.5rem}dd{margin:0;font-variant-numeric:tabular-nums}
a{color:#0b57d0}@media (prefers-color-scheme:dark){a{color:#9cc2ff}}
.guarded{font-size:.8rem;font-style:normal;border:1px solid;border-radius:4px;padding:0 .3rem}`

/** A page of our own look. */
export const styled = (title: string, body: string): string =>
  `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escaped(title)}</title>
<style>${STYLE}</style></head><body>${body}</body></html>
`

let policy: Promise<string> | undefined

/** Answers with it: nothing runs, nothing is loaded, and only its own style holds. */
export async function styledPage(html: string): Promise<Reply> {
  policy ??= crypto.subtle
    .digest('SHA-256', new TextEncoder().encode(STYLE))
    .then(
      (hash) =>
        `default-src 'none'; style-src 'sha256-${btoa(String.fromCharCode(...new Uint8Array(hash)))}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    )
  return page(html, await policy)
}
