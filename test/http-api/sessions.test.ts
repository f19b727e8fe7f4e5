import { describe, expect, it } from 'vitest'
import type { Session, Sessions } from '../../src/http-api/index.js'
import { fakeProvider } from '../../src/testing/index.js'
import { NOW, served, shapeOf } from './served.js'

const visitor: Session = {
  id: '7f1c0a52-0000-4000-8000-000000000001',
  clientType: 'browser',
  connectedAt: NOW - 10_000,
  lastActivityAt: NOW - 1_000,
  address: '127.0.0.1',
  userAgent: 'Firefox',
  metadata: { page: 'demo' },
}

function live() {
  const sent: [string, unknown][] = []
  const sessions: Sessions = {
    list: () => [visitor, { ...visitor, id: '2', address: undefined, userAgent: undefined, clientType: 'api', metadata: {} }],
    statistics: () => ({
      activeConnections: 2,
      totalSessions: 2,
      totalConnectionsEver: 5,
      messagesSent: 40,
      messagesReceived: 7,
      clientTypes: { browser: 1, api: 1 },
      subscriptions: { all: 2, prices: 1 },
    }),
    broadcast: (group, message) => {
      if (!['all', 'prices', 'prices:BTC'].includes(group)) return false
      sent.push([group, message])
      return true
    },
  }
  return { sent, ...served([fakeProvider('a')], { options: { sessions } }) }
}

describe('the routes of the live stream', () => {
  it('list who is connected, to those who may know', async () => {
    const { get, send } = live()
    expect((await get('/api/sessions')).status).toBe(401)
    const { body } = await send('GET', '/api/sessions')
    expect(body['sessions']).toEqual({
      [visitor.id]: {
        session_id: visitor.id,
        client_type: 'browser',
        connected_at: '2025-12-31T23:59:50.000Z',
        last_activity: '2025-12-31T23:59:59.000Z',
        ip_address: '127.0.0.1',
        user_agent: 'Firefox',
        metadata: { page: 'demo' },
      },
      '2': expect.objectContaining({ ip_address: null, user_agent: null }),
    })
    expect(shapeOf(body)).toMatchSnapshot()
  })

  it('count for everybody, without addresses', async () => {
    const { get } = live()
    const { body } = await get('/api/sessions/stats')
    expect(body).toEqual({
      active_connections: 2,
      total_sessions: 2,
      total_connections_ever: 5,
      messages_sent: 40,
      messages_received: 7,
      client_types: { browser: 1, api: 1 },
      subscriptions: { all: 2, prices: 1 },
      timestamp: '2026-01-01T00:00:00.000Z',
    })
    expect((await get('/health')).body).toMatchObject({ connected_clients: 2, total_sessions: 2 })
  })

  it('send to one channel, and to no other when it is unknown', async () => {
    const { send, sent } = live()
    const { body } = await send('POST', '/api/broadcast', { type: 'alert' })
    expect(body).toEqual({ status: 'sent', group: 'all' })
    expect(shapeOf(body)).toMatchSnapshot()
    await send('POST', '/api/broadcast?group=prices', 'any JSON')
    const unknown = await send('POST', '/api/broadcast?group=everybody', 'x')
    expect([unknown.status, unknown.body['error']]).toEqual([400, 'no channel "everybody": there are all, prices'])
    expect((await send('POST', '/api/broadcast', {}, null)).status).toBe(401)
    expect([400, 415]).toContain((await send('POST', '/api/broadcast')).status)
    expect((await send('POST', '/api/broadcast', {})).body['error']).toBe('the body: the message is empty')
    expect(sent).toEqual([
      ['all', { type: 'alert' }],
      ['prices', 'any JSON'],
    ])
  })

  it('send to the channel of one symbol, and name at most twenty channels to who guessed wrong', async () => {
    const { send, sent } = live()
    expect((await send('POST', '/api/broadcast?group=prices:BTC', { price: 1 })).body).toEqual({ status: 'sent', group: 'prices:BTC' })
    expect(sent).toEqual([['prices:BTC', { price: 1 }]])
    const many: Sessions = {
      list: () => [],
      statistics: () => ({ subscriptions: Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`prices:C${i}`, 1])) }) as never,
      broadcast: () => false,
    }
    const { body } = await served([fakeProvider('a')], { options: { sessions: many } }).send('POST', '/api/broadcast?group=prices:ETH/EUR', 'x')
    expect(body['error']).toMatch(/^no channel "prices:ETH\/EUR": there are prices:C0, .*prices:C19 and 280 more$/)
  })

  it('are 503 where there is no live stream', async () => {
    const { get, send } = served([fakeProvider('a')])
    const answers = await Promise.all([send('GET', '/api/sessions'), get('/api/sessions/stats'), send('POST', '/api/broadcast', 'x')])
    expect(answers.map(({ status, body }) => [status, body['error']])).toEqual(
      answers.map(() => [503, 'no live stream is configured: give the handler sessions']),
    )
  })
})
