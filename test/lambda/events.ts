/** A Function URL's event: https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads, read 2026-11-21. */
export function functionUrlEvent(path: string, over: Partial<Pick<Event, 'headers' | 'cookies' | 'body' | 'isBase64Encoded'>> & Asked = {}): Event {
  const { method = 'GET', query = '', ...rest } = over
  const domainName = 'abcdefghijklmnopqrstuvwxyz012345.lambda-url.eu-west-1.on.aws'
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: query,
    headers: {
      'x-forwarded-proto': 'https',
      'x-forwarded-port': '443',
      'x-forwarded-for': '203.0.113.7',
      'x-amzn-trace-id': 'Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700',
      accept: '*/*',
      'user-agent': 'curl/8.5.0',
      host: domainName,
    },
    requestContext: {
      accountId: 'anonymous',
      apiId: 'abcdefghijklmnopqrstuvwxyz012345',
      domainName,
      domainPrefix: 'abcdefghijklmnopqrstuvwxyz012345',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '203.0.113.7', userAgent: 'curl/8.5.0' },
      requestId: 'e1506fd5-9e7b-434f-bd42-4f8fa224b599',
      routeKey: '$default',
      stage: '$default',
      time: '21/Nov/2026:10:15:30 +0000',
      timeEpoch: 1_795_256_130_000,
    },
    isBase64Encoded: false,
    ...(query !== '' && { queryStringParameters: joined(new URLSearchParams(query)) }),
    ...rest,
  }
}

/** An HTTP API's event in payload format 2.0: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html, read 2026-11-21. */
export function httpApiEvent(path: string, over: Parameters<typeof functionUrlEvent>[1] = {}): Event {
  const event = functionUrlEvent(path, over)
  const domainName = 'a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com'
  const requestContext = {
    ...event.requestContext,
    accountId: '123456789012',
    apiId: 'a1b2c3d4e5',
    domainName,
    domainPrefix: 'a1b2c3d4e5',
    requestId: 'JKJaXmPLvHcESHA=',
  }
  return { ...event, headers: { ...event.headers, host: domainName }, requestContext }
}

/** As AWS joins them: several of a name by commas. */
const joined = (query: URLSearchParams): Record<string, string> =>
  Object.fromEntries([...new Set(query.keys())].map((name) => [name, query.getAll(name).join(',')]))

interface Asked {
  readonly method?: string
  readonly query?: string
}

interface Event {
  readonly version: string
  readonly routeKey: string
  readonly rawPath: string
  readonly rawQueryString: string
  readonly queryStringParameters?: Record<string, string>
  readonly cookies?: string[]
  readonly headers: Record<string, string>
  readonly requestContext: {
    readonly accountId: string
    readonly apiId: string
    readonly domainName: string
    readonly domainPrefix: string
    readonly http: { readonly method: string; readonly path: string; readonly protocol: string; readonly sourceIp: string; readonly userAgent: string }
    readonly requestId: string
    readonly routeKey: string
    readonly stage: string
    readonly time: string
    readonly timeEpoch: number
  }
  readonly body?: string
  readonly isBase64Encoded: boolean
}
