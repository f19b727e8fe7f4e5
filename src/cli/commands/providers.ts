import type { AnyProvider, KeyPlacement, Limit } from '../../provider/provider.js'
import { providersOf } from '../choose.js'
import { type Colours, coloursFor } from '../colours.js'
import type { CliIO } from '../io.js'
import { keyName } from '../keys.js'
import { type CommandDefinition, JSON_OPTION } from '../options.js'
import { table } from '../table.js'

/** `feedmux providers` */
export const providers: CommandDefinition = {
  name: 'providers',
  takes: '[ids...]',
  description: 'who can be asked, for what, with which key and limits; asks nobody',
  examples: ['feedmux providers', 'feedmux providers kraken binance --json'],
  options: [JSON_OPTION],
  async run(io, ids, { json }) {
    const found = providersOf(ids, io).map((provider) => describe(provider, io))
    io.stdout.write(`${json === true ? JSON.stringify(found, null, 2) : providersView(found, coloursFor(io))}\n`)
    return 0
  },
}

/** One provider as the list shows it. */
interface Described {
  readonly id: string
  readonly name: string
  readonly docs: string
  readonly capabilities: readonly string[]
  readonly key: 'none' | 'optional' | 'required'
  /** Which variable the command reads its key from; left out where none is taken. */
  readonly keyVariable?: string
  readonly keyGiven?: boolean
  readonly role: 'regular' | 'last-resort'
  readonly limits: readonly Limit[]
  readonly minSpacingMs?: number
}

function describe(provider: AnyProvider, { env }: CliIO): Described {
  const placement = keyPlacement(provider)
  const variable = keyName(provider.id)
  return {
    id: provider.id,
    name: provider.name,
    docs: provider.docs,
    capabilities: Object.keys(provider.endpoints),
    key: placement === undefined ? 'none' : provider.key?.required === true ? 'required' : 'optional',
    ...(placement && { keyVariable: variable, keyGiven: Boolean(env[variable]) }),
    role: provider.role ?? 'regular',
    limits: provider.limits ?? [],
    ...(provider.minSpacingMs !== undefined && { minSpacingMs: provider.minSpacingMs }),
  }
}

function keyPlacement({ key, plans }: AnyProvider): KeyPlacement | undefined {
  return key ?? Object.values(plans ?? {}).find((plan) => plan.key !== undefined)?.key
}

const UNITS: Readonly<Record<number, string>> = { 1_000: 's', 60_000: 'min', 3_600_000: 'h', 86_400_000: 'day', 2_592_000_000: 'month' }

/** `10/s`, `6,000 weight/min`, `20 per 2 s` */
export function limitText({ requests, cost, perMs, resets }: Limit): string {
  const what = cost === undefined ? (requests ?? 0).toLocaleString('en-US') : `${cost.toLocaleString('en-US')} weight`
  const unit = resets === 'utc-month' ? 'month' : resets === 'utc-day' ? 'day' : UNITS[perMs]
  return unit === undefined ? `${what} per ${perMs / 1_000} s` : `${what}/${unit}`
}

/** A line for each provider. */
function providersView(found: readonly Described[], { bold, dim, green, yellow }: Colours): string {
  const key = ({ key: need, keyVariable, keyGiven }: Described): string =>
    keyGiven === true
      ? green('given')
      : need === 'required'
        ? yellow(`needs ${keyVariable}`)
        : need === 'optional'
          ? dim(`optional ${keyVariable}`)
          : dim('none')
  const rows = found.map((one) => [
    bold(one.id),
    one.capabilities.join(' '),
    key(one),
    [
      ...one.limits.map(limitText),
      ...(one.minSpacingMs === undefined ? [] : [`every ${one.minSpacingMs / 1_000} s`]),
      ...(one.role === 'last-resort' ? ['last resort'] : []),
    ].join(', '),
  ])
  return table(['provider', 'offers', 'key', 'limits'], rows)
}
