import type { Capability, DataOf, ParamsOf } from '../model/capabilities.js'
import type { RouterResult } from '../model/result.js'
import type { AnyProvider, ProviderOptions } from '../provider/provider.js'
import type { Plan } from '../router/plan.js'
import type { HealthReport } from '../router/probes.js'
import type { Strategy } from '../strategies/strategy.js'

/** Where text goes: `process.stdout` and `process.stderr`, or something that collects. */
export interface Output {
  write(text: string): unknown
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
}

/** How the command sets up a router. */
export interface RouterSetup {
  readonly providers: readonly AnyProvider[]
  readonly strategy?: Strategy | undefined
  /** The whole request, in ms. */
  readonly totalTimeoutMs?: number | undefined
}

/** What the command needs of a router. */
export interface CliRouter {
  request<C extends Capability>(
    capability: C,
    params: ParamsOf<C>,
    options?: { readonly signal?: AbortSignal; readonly maxAgeMs?: number; readonly agree?: { readonly of: number } },
  ): Promise<RouterResult<DataOf<C>>>
  plan(capability: Capability, params: unknown): Plan
  checkHealth(id?: string): Promise<readonly HealthReport[]>
  close(): unknown
}

/** Makes a provider. */
export type Factory = (options?: ProviderOptions) => AnyProvider

/** All that the command touches of the world around it. */
export interface CliIO {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly stdout: Output
  readonly stderr: Output
  readonly registry: Readonly<Record<string, Factory>>
  createRouter(setup: RouterSetup): CliRouter
  /** Aborts on Ctrl-C. */
  readonly signal: AbortSignal
  /** Unix ms. */
  now(): number
}

/** 0 fine, 1 failed, 2 called in a way that cannot work. */
export type ExitCode = 0 | 1 | 2
