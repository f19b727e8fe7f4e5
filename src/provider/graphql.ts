import { BadResponseError, type FailureReason } from '../errors.js'
import { membersOf } from './failure.js'
import type { ProviderFailure } from './provider.js'
import { read } from './read.js'
import type { Row } from './rows.js'

/** What `extensions.code` of an error means: the codes that the common servers (Apollo and its likes) share. */
const CODES: Readonly<Record<string, FailureReason>> = {
  UNAUTHENTICATED: 'unauthorized',
  FORBIDDEN: 'unauthorized',
  RATE_LIMITED: 'rate-limited',
  TOO_MANY_REQUESTS: 'rate-limited',
  BAD_USER_INPUT: 'bad-request',
  // our query is always the same: where a server no longer takes it, its schema has drifted
  GRAPHQL_PARSE_FAILED: 'bad-response',
  GRAPHQL_VALIDATION_FAILED: 'bad-response',
  INTERNAL_SERVER_ERROR: 'unavailable',
}

/** The first error of a GraphQL answer, its words and its code; some servers write `errors` as an object with `details`. Nothing where there is none. */
export function graphqlError(body: unknown): { readonly message: string | undefined; readonly code: string | undefined } | undefined {
  const { errors } = membersOf(body)
  const error: unknown = Array.isArray(errors) ? errors[0] : errors
  if (error === undefined || error === null) return undefined
  const { message, details, extensions } = membersOf(error)
  const { code } = membersOf(extensions)
  const words = [error, message, details].find((text) => typeof text === 'string' && text !== '')
  return { message: typeof words === 'string' ? words : undefined, code: typeof code === 'string' ? code : undefined }
}

/**
 * What the errors of a GraphQL answer mean; nothing where it brought data all the same. What `reasonOf` knows by its words comes first (`undefined`: it
 * does not), then the code, in a 200 and in a 400, with which some servers refuse a query. Without a known one a failing status means what it always
 * does, and in a 200 the server is taken for unavailable.
 */
export function graphqlFailure(
  body: unknown,
  status: number,
  reasonOf: (message: string) => FailureReason | undefined = () => undefined,
): ProviderFailure | undefined {
  const error = graphqlError(body)
  if (error === undefined || hasData(body)) return undefined
  const { message = 'errors without words', code = '' } = error
  const byCode = status <= 400 && Object.hasOwn(CODES, code) ? CODES[code] : undefined
  const reason = reasonOf(message) ?? byCode ?? (status < 400 ? 'unavailable' : undefined)
  return reason && { reason, message }
}

/** `data` of a GraphQL answer. */
export function graphqlData(body: unknown): Row {
  const { data } = read.object(body, 'answer')
  if (data === undefined || data === null) throw new BadResponseError('data: an object expected, got nothing')
  return read.object(data, 'data')
}

const hasData = (body: unknown): boolean => Object.values(membersOf(membersOf(body).data)).some((value) => value !== undefined && value !== null)
