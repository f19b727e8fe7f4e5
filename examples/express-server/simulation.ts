import express, { type Response, Router } from 'express'
import type { Fault } from '../demo/server.ts'
import type { World } from '../demo/world.ts'
import type { ServerRouter } from './providers.ts'

/** What the page can do to a simulated provider. */
const FAULTS = {
  kill: { kind: 'down' },
  slow: { kind: 'brown-out', factor: 100 },
  'rate-limit': { kind: 'rate-limited', retryAfterS: 20 },
  corrupt: { kind: 'lie' },
} as const satisfies Record<string, Fault>
type FaultName = keyof typeof FAULTS

const isFault = (name: unknown): name is FaultName => typeof name === 'string' && Object.hasOwn(FAULTS, name)

/** Routes that break simulated providers; with real ones there is nothing to break. */
export function simulationRoutes(world: World | undefined, router: ServerRouter): Router {
  const routes = Router()
  const rows = (): object[] => (world === undefined ? [] : world.everyId.map((id) => rowOf(world, router, id)))
  routes.get('/', (_request, response) => void response.json({ simulated: world !== undefined, providers: rows() }))
  // JSON only: a form of another page can't send that without asking first
  routes.post('/:id', express.json({ limit: '1kb', type: 'application/json' }), async (request, response) => {
    const { id } = request.params
    const fault: unknown = (request.body as { fault?: unknown } | undefined)?.fault
    if (world === undefined) return refuse(response, 404, 'not-found', 'nothing is simulated here: start the server without --live')
    if (!world.everyId.includes(id))
      return refuse(response, 404, 'not-found', `no simulated provider "${id.slice(0, 64)}", there are ${world.everyId.join(', ')}`)
    if (!isFault(fault) && fault !== null)
      return refuse(response, 400, 'bad-request', `fault must be ${Object.keys(FAULTS).join(', ')} or null, as JSON: {"fault":"kill"}`)
    await world.setFault(id, fault === null ? undefined : FAULTS[fault])
    response.json(rowOf(world, router, id))
  })
  return routes
}

function rowOf(world: World, router: ServerRouter, id: string): object {
  const upstreams = world.upstreams(id)
  const kind = upstreams.find(({ fault }) => fault !== undefined)?.fault?.kind
  return {
    id,
    name: router.providers.find((provider) => provider.id === id)?.name ?? id,
    fault: Object.keys(FAULTS).find((name) => FAULTS[name as FaultName].kind === kind) ?? null,
    calls: upstreams.reduce((sum, { calls }) => sum + calls, 0),
    shown: Object.values(FAULTS).reduce((sum, fault) => sum + world.shown(id, fault.kind), 0),
  }
}

const refuse = (response: Response, status: number, code: string, error: string): void =>
  void response.status(status).json({ success: false, error, code, timestamp: new Date().toISOString(), data: null })
