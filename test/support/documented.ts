import fc from 'fast-check'
import { expect, it } from 'vitest'
import { BadResponseError, ProviderError } from '../../src/errors.js'
import type { Capability, DataOf, ParamsOf } from '../../src/model/capabilities.js'
import type { AnyProvider, ProviderFailure } from '../../src/provider/provider.js'
import { type Answered, ask, failureOf } from './ask.js'

/** One documented answer of a provider. */
export interface Documented<C extends Capability = Capability> {
  readonly capability: C
  readonly params: object
  readonly body: unknown
  /** What it is read as. */
  readonly data: unknown
  /** The same answer, changed in a way that must not pass. */
  readonly drifted: unknown
}

/** `ask()` and `failureOf()` of one provider, for capabilities and parameters out of a table. */
export function asking<C extends Capability>(provider: AnyProvider) {
  return {
    asked: <D extends C>(capability: D, params: object, answered: Answered): DataOf<D> => ask(provider, capability, params as ParamsOf<D>, answered),
    told: (capability: C, params: object, status: number, body: unknown, headers: Record<string, string> = {}): ProviderFailure | undefined =>
      failureOf(provider, capability, params as ParamsOf<C>, { status, headers: new Headers(headers), body }),
  }
}

/**
 * Tests of what every provider owes to each of its documented answers: it reads them, refuses drifted ones, and meets any
 * other body with data or an error of its own. `bodies` are arbitrary ones that come close to what the provider sends.
 */
export function itReadsWhatIsDocumented(provider: AnyProvider, cases: readonly Documented[], bodies: fc.Arbitrary<unknown> = fc.array(fc.jsonValue())): void {
  const { asked } = asking(provider)

  it.each(cases)('reads the documented $capability', ({ capability, params, body, data }) => {
    expect(asked(capability, params, { body })).toStrictEqual(data)
  })

  it.each(cases)('refuses a drifted $capability', ({ capability, params, drifted }) => {
    expect(() => asked(capability, params, { body: drifted })).toThrow(BadResponseError)
  })

  it.each(cases)('refuses an HTML page as $capability', ({ capability, params }) => {
    expect(() => asked(capability, params, { body: '<html></html>' })).toThrow(BadResponseError)
  })

  it('answers any body with data or with an error of its own', () => {
    const any = fc.oneof(fc.jsonValue(), bodies, fc.constantFrom(...cases.map(({ body }) => body)))
    fc.assert(
      fc.property(fc.constantFrom(...cases), any, ({ capability, params }, body) => {
        try {
          return typeof asked(capability, params, { body }) === 'object'
        } catch (error) {
          return error instanceof ProviderError
        }
      }),
    )
  })
}
