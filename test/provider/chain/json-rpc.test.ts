import { describe, expect, it } from 'vitest'
import type { Capability } from '../../../src/model/capabilities.js'
import { resultOf, rpcFailure, rpcRequests } from '../../../src/provider/chain/json-rpc.js'
import { error } from '../../support/evm-answers.js'

const told = (status: number, body: unknown, capability: Capability = 'balance') => rpcFailure({ status, headers: new Headers(), body }, { capability })?.reason

describe('calls over JSON-RPC', () => {
  it('are sent each by itself, with an id of its own', () => {
    expect(rpcRequests([{ method: 'eth_gasPrice' }, { method: 'eth_chainId', params: [], optional: true }], 'rpc', 'https://a.example')).toEqual([
      { host: 'https://a.example', path: 'rpc', method: 'POST', body: { jsonrpc: '2.0', id: 1, method: 'eth_gasPrice', params: [] } },
      { host: 'https://a.example', path: 'rpc', method: 'POST', body: { jsonrpc: '2.0', id: 2, method: 'eth_chainId', params: [] }, optional: true },
    ])
  })

  it('give their result, null included, whichever id comes with it', () => {
    expect(resultOf({ jsonrpc: '2.0', id: 99, result: '0x1' })).toBe('0x1')
    expect(resultOf({ result: null })).toBeNull()
    expect(() => resultOf({ jsonrpc: '2.0', id: 1 })).toThrow(/result: expected/)
  })
})

describe('an error over JSON-RPC', () => {
  it.each([
    ['a range that is too wide', 200, error(-32_000, 'block range is too wide'), 'bad-request'],
    ['an address that is none', 200, error(-32_000, 'invalid address'), 'bad-request'],
    ['parameters that are wrong', 200, error(-32_602, 'invalid argument 0: hex string has length 3'), 'bad-request'],
    ['a revert', 200, error(3, 'execution reverted'), 'bad-request'],
    ['a method that is closed', 200, error(-32_000, 'method eth_feeHistory is not whitelisted'), 'bad-request'],
    ['a code that nobody knows', 200, error(-7_777, 'what?'), 'bad-request'],
    ['no words at all', 200, { error: {} }, 'bad-request'],
    ['a node in trouble', 200, error(-32_603, 'Internal error'), 'unavailable'],
    ['a node that is behind', 200, error(-32_000, 'header not found'), 'unavailable'],
    ['a limit behind a code for something else', 200, error(-32_603, 'Too Many Requests'), 'rate-limited'],
    ['credits a second', 200, error(-32_097, 'credits limited to 500/sec'), 'rate-limited'],
    ['a key that is missing, behind the code of a node in trouble', 200, error(-32_000, 'Unauthorized: You must authenticate your request'), 'unauthorized'],
    ['old blocks that it keeps for others', 403, error(-32_602, 'Archive requests require a personal token.'), 'bad-request'],
    ['a plan that lacks it', 200, error(-32_000, 'eth_getBalance is not included in your current plan'), 'unauthorized'],
    ['a tier that is used up', 200, error(-32_001, "You've reached the free tier limit"), 'quota-exhausted'],
    ['a bill', 200, error(-32_097, 'Please upgrade your plan'), 'quota-exhausted'],
    ['a text in place of an error', 200, { jsonrpc: '2.0', id: 0, error: 'Missed `to` address' }, 'bad-request'],
    ['a limit as a text', 200, { error: 'rate limit exceeded' }, 'rate-limited'],
    ['a parameter in a failing status', 500, error(-32_602, 'Invalid params'), 'bad-request'],
    ['its own trouble in a failing status', 503, error(-32_603, 'down'), undefined],
    ['a key that is wrong, behind a code for something else', 401, error(-32_600, 'Must be authenticated!'), undefined],
    ['a code that is a text', 200, { error: { code: '-32601', message: 'nope' } }, 'bad-request'],
    ['an error that is null beside a result', 200, { error: null, result: '0x1' }, undefined],
  ])('that means %s', (_, status, body, reason) => {
    expect(told(status, body)).toBe(reason)
  })

  it('is a transaction that is unknown only where one was asked for', () => {
    expect(told(200, { result: null }, 'transaction')).toBe('not-found')
    expect(told(200, { result: null })).toBeUndefined()
    expect(told(404, { message: 'no such route' }, 'transaction')).toBe('bad-response')
  })

  it('means what the service says it does', () => {
    const behind = error(-32_005, 'Node is behind by 42 slots')
    expect(rpcFailure({ status: 200, headers: new Headers(), body: behind }, { capability: 'balance' }, { '-32005': 'unavailable' })?.reason).toBe(
      'unavailable',
    )
  })
})
