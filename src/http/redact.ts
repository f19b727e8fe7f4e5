import type { Secret } from '../provider/secret.js'

const LONGEST = 160

/** A vendor's text, fit to be shown: no key, no query string of a URL, no line breaks, not too long. */
export function redact(text: string, secret: Secret | undefined): string {
  const clean = (secret ? secret.redact(text) : text)
    .replaceAll(/(https?:\/\/[^\s?#"'<>]*)[?#][^\s"'<>]*/g, '$1')
    .replaceAll(/\s+/g, ' ')
    .trim()
  return clean.length > LONGEST ? `${clean.slice(0, LONGEST)}…` : clean
}

/** Name of a host, without scheme, credentials, path and query. */
export function hostName(url: string): string {
  const start = url.indexOf('//') + 2
  const authority = url.slice(start).split(/[/?#]/, 1)[0] ?? ''
  return authority.slice(authority.lastIndexOf('@') + 1)
}
