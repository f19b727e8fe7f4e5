import { ProviderError } from '../errors.js'
import type { Capability, DataOf, ParamsOf } from '../model/capabilities.js'
import type { FailureReason } from '../model/result.js'
import { pairOf } from '../model/symbol.js'
import { defineProvider } from '../provider/define-provider.js'
import type { CallContext, CallEndpoint, Provider, ProviderFacts, ProviderOptions } from '../provider/provider.js'

/** How a fake provider answers one question: data, a failure's reason, or a promise of either. */
export type FakeAnswer<C extends Capability> = (params: ParamsOf<C>, context: CallContext) => DataOf<C> | FailureReason | Promise<DataOf<C> | FailureReason>

/** A fake provider's answers, and any fact of a provider. */
export type FakeOptions<C extends Capability> = Partial<ProviderFacts> &
  ProviderOptions & {
    /** What it can be asked. Without one it answers `ticker` with a price of 100. */
    readonly answers?: { readonly [K in C]: FakeAnswer<K> } | undefined
    readonly cost?: number | undefined
  }

/** A provider for tests that answers without a network. `asked` is its own log. */
export interface FakeProvider<C extends Capability> extends Provider<C> {
  readonly asked: { readonly capability: Capability; readonly params: unknown; readonly at: number }[]
}

/** Makes a provider whose answers you write: `fakeProvider('slow', { answers: { ticker: () => 'timeout' } })`. */
export function fakeProvider<C extends Capability = 'ticker'>(id: string, { answers, cost, ...facts }: FakeOptions<C> = {}): FakeProvider<C> {
  const asked: FakeProvider<C>['asked'] = []
  const given = (answers ?? { ticker: ({ symbol }: { symbol: string }) => ({ ...pairOf(symbol), last: 100 }) }) as Record<string, FakeAnswer<C>>
  const endpoints = Object.fromEntries(
    Object.entries(given).map(([capability, answer]) => {
      const endpoint: CallEndpoint<C> = {
        ...(cost !== undefined && { cost }),
        call: async (params, context) => {
          asked.push({ capability: capability as C, params, at: context.now })
          const said = await answer(params, context)
          if (typeof said === 'string') throw new ProviderError({ provider: id, reason: said })
          return said
        },
      }
      return [capability, endpoint]
    }),
  )
  const { apiKey, plan, hosts, limits, priority, weight, role, enabled, ...own } = facts
  const definition = { name: id, homepage: 'https://example.test', docs: 'https://example.test/docs', ...own, id, endpoints } as unknown as Provider<C>
  return Object.assign(defineProvider(definition, { apiKey, plan, hosts, limits, priority, weight, role, enabled }), { asked })
}
