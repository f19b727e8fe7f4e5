/** Something that ends. */
export interface Closable {
  close(): void | Promise<void>
}

/** Collects what has to end, and ends it in the opposite order. A part that fails to end does not keep the others. */
export function ending(): { later<T extends Closable>(part: T): T; all(): Promise<void> } {
  const open: Closable[] = []
  let closed: Promise<void> | undefined
  async function close(): Promise<void> {
    const failures: unknown[] = []
    for (const part of open.reverse()) {
      try {
        await part.close()
      } catch (error) {
        failures.push(error)
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, `${failures.length} parts of the server did not end well`)
  }
  return {
    later(part) {
      open.push(part)
      return part
    },
    all: () => (closed ??= close()),
  }
}
