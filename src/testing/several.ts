/** Answers to several requests that are sent at the same time, in their order. */
export class Several {
  readonly bodies: readonly unknown[]

  constructor(bodies: readonly unknown[]) {
    this.bodies = bodies
  }
}

/** What a service answers to several requests that are sent at the same time, in their order; `undefined`: that one fails with HTTP 500. */
export const several = (...bodies: readonly unknown[]): Several => new Several(bodies)

/** The body of the request of that place. */
export const bodyAt = (body: unknown, place: number): unknown => (body instanceof Several ? body.bodies[place % Math.max(1, body.bodies.length)] : body)
