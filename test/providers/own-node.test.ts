import { describe, expect, it } from 'vitest'
import { ownNode } from '../../src/providers/own-node.js'
import { describeProvider, several } from '../../src/testing/index.js'
import { Several } from '../../src/testing/several.js'
import { ask } from '../support/ask.js'
import { evmAnswers, evmErrors, result, rpc, unknownTransaction } from '../support/evm-answers.js'

const CHAIN = 'eip155:31337'
const URL = 'http://localhost:8545/rpc'

/** The answers of any node, each with the chain that the node is of. */
const answers = evmAnswers(CHAIN, URL).map(({ url, sent, body, drifted, ...answer }) => {
  const id = [sent].flat().length + 1
  const withChain = (given: unknown) => several(...(given instanceof Several ? given.bodies : [given]), result('0x7a69', id))
  return { ...answer, url: [url, URL].flat(), sent: [sent, rpc('eth_chainId', [], id)].flat(), body: withChain(body), drifted: withChain(drifted) }
})

describeProvider(
  ownNode,
  {
    options: { chain: CHAIN, url: URL },
    answers,
    unknown: unknownTransaction,
    errors: evmErrors,
  },
  { describe, it },
)

describe("a node of the user's own", () => {
  const node = ownNode({ chain: CHAIN, url: URL })
  const block = { status: 200, body: [result('0x10'), result('0x1')] }

  it('is off without its address, and named as the user likes', () => {
    expect(ownNode().enabled).toBe(false)
    expect(ownNode({ enabled: true }).enabled).toBe(false)
    expect(node.enabled).toBeUndefined()
    expect(ownNode({ chain: CHAIN, url: URL, id: 'home' }).id).toBe('home')
  })

  it('is refused when it is of another chain', () => {
    expect(() => ask(node, 'blockNumber', { chain: CHAIN }, block)).toThrow(/chainId: a node of eip155:31337 expected/)
  })

  it('is believed where it does not tell its chain', () => {
    expect(ask(node, 'blockNumber', { chain: CHAIN }, { body: [result('0x10'), undefined] })).toEqual({ number: 16 })
  })

  it('serves its own chain alone', () => {
    expect(node.endpoints.balance).toHaveProperty('supports')
    expect('supports' in node.endpoints.gasPrice && node.endpoints.gasPrice.supports?.({ chain: 'eip155:1' })).toBe(false)
  })

  it('takes a key where the address leaves room for it', () => {
    const keyed = ownNode({ chain: CHAIN, url: 'https://node.example/{key}/evm', apiKey: 'secret-token' })
    expect(keyed.key).toEqual({ required: true, in: 'path', name: 'key' })
    expect(keyed.hosts).toEqual(['https://node.example'])
  })

  it.each([
    ['without its chain', { url: URL }, /chain is missing/],
    ['without its address', { chain: CHAIN }, /url is missing/],
    ['of no EVM chain', { chain: 'bitcoin', url: URL }, /CAIP-2/],
    ['over another protocol', { chain: CHAIN, url: 'ws://localhost:8546' }, /url must be/],
    ['with a password', { chain: CHAIN, url: 'https://me:hunter2@node.example' }, /url must be/],
    ['with a key in the query', { chain: CHAIN, url: 'https://node.example?key=hunter2' }, /url must be/],
  ])('is a mistake %s, and its address is not repeated', (_, options, message) => {
    expect(() => ownNode(options)).toThrow(expect.objectContaining({ name: 'ConfigError', message: expect.stringMatching(message) }))
    expect(() => ownNode(options)).toThrow(expect.objectContaining({ message: expect.not.stringContaining('hunter2') }))
  })
})
