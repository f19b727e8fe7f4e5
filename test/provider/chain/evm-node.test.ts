import { describe, expect, it } from 'vitest'
import { evmNode, type NodeOptions } from '../../../src/provider/chain/evm-node.js'
import type { HttpEndpoint, HttpRequest } from '../../../src/provider/provider.js'
import { askThrough } from '../../../src/testing/asking.js'
import { several } from '../../../src/testing/index.js'
import { error, history, receipt, result, transaction, HASH_ASKED } from '../../support/evm-answers.js'

const facts = {
  id: 'nodes',
  name: 'Nodes',
  homepage: 'https://nodes.example',
  docs: 'https://nodes.example/docs',
  chains: new Map([
    ['eip155:1', 'https://nodes.example/eth'],
    ['eip155:10', 'https://op.nodes.example'],
  ]),
}
const make = (options: NodeOptions = {}) => evmNode(facts, options)
const blockNumber = (options?: NodeOptions) => make(options).endpoints.blockNumber as HttpEndpoint<'blockNumber'>
const requested = (chain: string, options?: NodeOptions): HttpRequest | undefined => [blockNumber(options).request({ chain }, { native: {}, now: 0 })].flat()[0]
const serves = (chain: string, options?: NodeOptions) => blockNumber(options).supports?.({ chain })

describe('nodes of EVM chains', () => {
  it('are asked at the address of each chain, without a slash behind it', () => {
    expect(requested('eip155:1')).toMatchObject({ host: 'https://nodes.example', path: 'eth', method: 'POST' })
    expect(requested('eip155:10')).toMatchObject({ host: 'https://op.nodes.example', path: '' })
  })

  it('serve the chains that they have', () => {
    expect([serves('eip155:1'), serves('eip155:10'), serves('eip155:56'), serves('solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp')]).toEqual([
      true,
      true,
      false,
      false,
    ])
    expect([serves('eip155:1', { chain: 'eip155:10' }), serves('eip155:10', { chain: 'eip155:10' })]).toEqual([false, true])
  })

  it("asked at the user's hosts are of one chain: the first, or the one that is named", () => {
    const hosts = ['https://a.example/rpc', 'https://b.example']
    expect(make({ hosts }).hosts).toEqual(hosts)
    expect(requested('eip155:1', { hosts })).not.toHaveProperty('host')
    expect([serves('eip155:1', { hosts }), serves('eip155:10', { hosts })]).toEqual([true, false])
    expect([serves('eip155:1', { hosts, chain: 'eip155:56' }), serves('eip155:56', { hosts, chain: 'eip155:56' })]).toEqual([false, true])
  })

  it.each([
    [{ chain: 'ethereum' }, /CAIP-2 id of an EVM chain/],
    [{ chain: 'eip155:56' }, /no chain 'eip155:56', choose eip155:1 or eip155:10/],
  ])('refuse %j', (options, message) => {
    expect(() => make(options)).toThrow(expect.objectContaining({ name: 'ConfigError', message: expect.stringMatching(message) }))
  })

  it('tell a transaction without its receipt when that fails, and a gas price out of either answer', async () => {
    const asked = { chain: 'eip155:1', hash: HASH_ASKED }
    const mined = await askThrough(make(), 'transaction', asked, { body: several(result(transaction), undefined) })
    expect(mined).toMatchObject({ data: { hash: HASH_ASKED, blockNumber: 22_705_028 } })
    const early = await askThrough(make(), 'transaction', asked, { body: several(result(transaction), result(null)) })
    expect(early).toMatchObject({ data: { hash: HASH_ASKED } })
    const plain = await askThrough(make(), 'gasPrice', { chain: 'eip155:1' }, { body: several(error(-32_601, 'no such method'), result('0x3b9aca00')) })
    expect(plain).toMatchObject({ data: { standard: 1 } })
    const rich = await askThrough(make(), 'gasPrice', { chain: 'eip155:1' }, { body: several(result(history), undefined) })
    expect(rich).toMatchObject({ data: { standard: 3 } })
    const lost = await askThrough(make(), 'transaction', asked, { body: several(undefined, result(receipt)) })
    expect(lost).toMatchObject({ failure: { reason: 'unavailable' } })
  })
})
