/** Every URL that was asked, in order. */
export const asked: string[]
/** A fetch that answers by itself, in the providers' documented shapes. */
export const localFetch: typeof globalThis.fetch
