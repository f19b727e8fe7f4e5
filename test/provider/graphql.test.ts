import { describe, expect, it } from 'vitest'
import { graphqlData, graphqlError, graphqlFailure } from '../../src/provider/graphql.js'

const told = (message: string, code?: string) => ({ errors: [{ message, ...(code !== undefined && { extensions: { code } }) }], data: null })

describe('a GraphQL answer', () => {
  it('has an error in a list, or one as an object with details', () => {
    expect(graphqlError(told('no', 'FORBIDDEN'))).toEqual({ message: 'no', code: 'FORBIDDEN' })
    expect(graphqlError({ errors: { details: 'slow down' } })).toEqual({ message: 'slow down', code: undefined })
    expect(graphqlError({ errors: 'down' })).toEqual({ message: 'down', code: undefined })
    expect(graphqlError({ errors: [{}] })).toEqual({ message: undefined, code: undefined })
    for (const body of [{ data: {} }, { errors: [] }, { errors: null }, '<html>', null]) expect(graphqlError(body)).toBeUndefined()
  })

  it('means what its code means, and is otherwise a fault of the server', () => {
    const reasons = [
      'UNAUTHENTICATED',
      'RATE_LIMITED',
      'BAD_USER_INPUT',
      'GRAPHQL_VALIDATION_FAILED',
      'INTERNAL_SERVER_ERROR',
      'NEVER_SEEN',
      'toString',
      undefined,
    ].map((code) => graphqlFailure(told('words', code), 200)?.reason)
    expect(reasons).toEqual(['unauthorized', 'rate-limited', 'bad-request', 'bad-response', 'unavailable', 'unavailable', 'unavailable', 'unavailable'])
  })

  it('leaves a failing status to itself, unless its words are known', () => {
    const reasonOf = (message: string) => (message === 'bad key' ? 'unauthorized' : undefined)
    expect(graphqlFailure(told('busy'), 429, reasonOf)).toBeUndefined()
    expect(graphqlFailure(told('busy', 'BAD_USER_INPUT'), 503, reasonOf)).toBeUndefined()
    expect(graphqlFailure(told('no'), 400, reasonOf)).toBeUndefined()
    expect(graphqlFailure(told('bad key'), 400, reasonOf)).toEqual({ reason: 'unauthorized', message: 'bad key' })
    expect(graphqlFailure({ errors: { details: 'bad key' } }, 400, reasonOf)).toMatchObject({ reason: 'unauthorized' })
  })

  it('means what its code means in a 400 too: a query that is no longer taken is drift, not a bad question', () => {
    expect(graphqlFailure(told('Cannot query field', 'GRAPHQL_VALIDATION_FAILED'), 400)).toEqual({ reason: 'bad-response', message: 'Cannot query field' })
    expect(graphqlFailure(told('Bad chain', 'BAD_USER_INPUT'), 400)?.reason).toBe('bad-request')
  })

  it('is no failure where it brought data all the same', () => {
    expect(graphqlFailure({ ...told('one field failed'), data: { pools: [] } }, 200)).toBeUndefined()
    expect(graphqlFailure({ ...told('all failed'), data: { pools: null } }, 200)).toMatchObject({ reason: 'unavailable', message: 'all failed' })
  })

  it('has its data, or is refused', () => {
    expect(graphqlData({ data: { a: 1 } })).toEqual({ a: 1 })
    for (const body of [{ data: null }, {}, [], '<html>', { data: 'x' }])
      expect(() => graphqlData(body)).toThrow(expect.objectContaining({ name: 'BadResponseError' }))
  })
})
