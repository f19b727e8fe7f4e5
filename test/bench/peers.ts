import { circuitBreaker, ConsecutiveBreaker, ExponentialBackoff, handleAll, retry, timeout, TimeoutStrategy, wrap } from 'cockatiel'
import { AbstractProvider, FallbackProvider, Network, type PerformActionRequest } from 'ethers'
import CircuitBreaker from 'opossum'
import pRetry from 'p-retry'
import pThrottle from 'p-throttle'
import { custom, fallback } from 'viem'

/** One question, ready to be asked. */
export type AskPeer = () => Promise<unknown>

/** viem's fallback transport over two transports in this process, not ranked. */
export function viemCall(firstFails: boolean): AskPeer {
  const first = custom({ request: () => (firstFails ? Promise.reject(new Error('down')) : Promise.resolve('0x1')) })
  const second = custom({ request: () => Promise.resolve('0x1') })
  const { request } = fallback([first, second], { rank: false })({ retryCount: 0 })
  return () => request({ method: 'eth_blockNumber' })
}

/** cockatiel's usual wrap: retry, breaker, timeout. */
export function cockatielCall(answer: unknown): AskPeer {
  const policy = wrap(
    retry(handleAll, { maxAttempts: 2, backoff: new ExponentialBackoff() }),
    circuitBreaker(handleAll, { halfOpenAfter: 60_000, breaker: new ConsecutiveBreaker(5) }),
    timeout(5_000, TimeoutStrategy.Cooperative),
  )
  const { signal } = new AbortController()
  return () => policy.execute(() => Promise.resolve(answer), signal)
}

const ACCOUNT = '0x0000000000000000000000000000000000000001'

class InstantProvider extends AbstractProvider {
  override _detectNetwork(): Promise<Network> {
    return Promise.resolve(Network.from(1))
  }

  override _perform<T>({ method }: PerformActionRequest): Promise<T> {
    return Promise.resolve((method === 'getBlockNumber' ? 1 : '0x1') as T)
  }
}

/** ethers' FallbackProvider over two providers in this process, one of which is enough. Its own cache is off. */
export function ethersCall(): AskPeer {
  const network = Network.from(1)
  const options = { cacheTimeout: -1, staticNetwork: network }
  const providers = [1, 2].map((priority) => ({ provider: new InstantProvider(network, options), priority, weight: 1 }))
  const provider = new FallbackProvider(providers, network, { quorum: 1, cacheTimeout: -1 })
  let block = 1 // another question each time: equal ones are answered once
  return () => provider.getBalance(ACCOUNT, block++)
}

/** What one would put together by hand: p-throttle round p-retry round opossum, with its usual options. */
export function naiveCall(answer: unknown): AskPeer {
  const breaker = new CircuitBreaker(() => Promise.resolve(answer), { timeout: 5_000, volumeThreshold: 10 })
  const { signal } = new AbortController()
  return pThrottle({ limit: 1e9, interval: 1_000 })(() => pRetry(() => breaker.fire(), { retries: 1, signal }))
}
