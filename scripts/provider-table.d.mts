import type { AnyProvider } from '../src/provider/provider.js'

/** The table's rows, out of what the factories make. */
export function providerTable(providers: readonly AnyProvider[]): string
/** The page with the table in its place. */
export function withTable(page: string, providers: readonly AnyProvider[]): string
/** What the registry's factories make without options. */
export function registered(registry: object): AnyProvider[]
