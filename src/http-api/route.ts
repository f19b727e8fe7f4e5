import type { z } from 'zod'
import type { Capability, DataOf, ParamsOf } from '../model/capabilities.js'
import type { CachedResult, RouterResult } from '../model/result.js'
import type { RequestOptions } from '../router/options.js'
import type { ResolvedHandlerOptions } from './options.js'
import type { Recorder } from './record/recorder.js'
import type { Reply } from './reply.js'
import type { ApiRouter } from './router.js'

/** What every route has at hand. */
export interface Api {
  readonly router: ApiRouter
  readonly options: ResolvedHandlerOptions
  readonly record: Recorder
  /** All there are. */
  routes(): Promise<readonly Route[]>
  /** Unix ms. */
  now(): number
}

/** One call of a route. */
export interface Call<P, Q, B> {
  readonly api: Api
  readonly request: Request
  /** Out of the path. */
  readonly params: P
  readonly query: Q
  readonly body: B
  /** Asks the router; given up when the client goes. */
  ask<C extends Capability>(capability: C, params: ParamsOf<C>, options?: RequestOptions): Promise<RouterResult<DataOf<C>>>
  /** What is in the router's memory, without asking anybody. */
  peek<C extends Capability>(capability: C, params: ParamsOf<C>): CachedResult<DataOf<C>> | undefined
}

/** What a route is to others: matching, the OpenAPI document, the contract tests. */
interface RouteFacts {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** `/api/pools/{pool_id}` */
  readonly path: string
  /** Group in the documentation. */
  readonly tag: string
  readonly summary: string
  /** `state`: the router's and the server's own state, asks nobody, `no-store`. `data`: answers of providers, cacheable. `page`: for people. */
  readonly kind: 'state' | 'data' | 'page'
  /** Changes or probes something: `authorize` has to agree. */
  readonly guarded?: true
  /** Of an answer that went well. @default 200 */
  readonly status?: 201
  /** Statuses of its own errors, for the documentation. */
  readonly errors?: readonly number[]
  /** Largest body, where that is more than the handler's `maxBodyBytes`. */
  readonly maxBytes?: number
  /** Its answer where that is no JSON: `text/html`. */
  readonly produces?: string
}

/** The schemas that a route's input is checked by; the OpenAPI document is made of the same. */
interface RouteSchemas<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType> {
  readonly params?: P
  /** Texts become numbers, booleans and lists (`a,b`) as the schema says; a parameter that is not in it is refused. */
  readonly query?: Q
  /** Of a JSON body. */
  readonly body?: B
  /** Of the JSON answer. */
  readonly answer?: z.ZodType
}

/** One route, whole. */
export interface Route extends RouteFacts, RouteSchemas<z.ZodObject, z.ZodObject, z.ZodType> {
  run(call: Call<never, never, never>): object | Promise<object>
}

/** A route as it is written: what `run` gets is typed by the schemas. It gives a plain object (JSON), or a `Reply`. */
export interface RouteDefinition<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType> extends RouteFacts, RouteSchemas<P, Q, B> {
  run(call: Call<z.output<P>, z.output<Q>, z.output<B>>): object | Reply | Promise<object | Reply>
}

/** Typed identity. */
export const route = <P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType>(definition: RouteDefinition<P, Q, B>): Route => definition
