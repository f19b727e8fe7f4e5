/** Rest after the first, second and third 429 in a row, in ms. */
export const LADDER_MS: readonly number[] = [120_000, 240_000, 600_000]
/** A `Retry-After` is believed up to here, in ms; a ban's (418) in full. */
export const MAX_RETRY_AFTER_MS = 15 * 60_000
/** A geo-block is looked at again after this, in ms. */
export const REGION_REST_MS = 24 * 3_600_000
