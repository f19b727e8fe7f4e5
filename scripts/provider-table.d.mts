import type { AnyProvider } from '../src/provider/provider.js'
import type { AbsentProvider } from '../src/provider/retired.js'

/** README.md's table, out of what the factories make. */
export function providerTable(providers: readonly AnyProvider[]): string
/** README.md with the table in its place. */
export function withTable(page: string, providers: readonly AnyProvider[]): string
/** docs/providers.md with all that the factories and the list of absent providers say in its place. */
export function withProviders(page: string, providers: readonly AnyProvider[], absent: Readonly<Record<string, AbsentProvider>>): string
/** What the registry's factories make without options. */
export function registered(registry: object): AnyProvider[]
