/**
 * Hosts of Binance spot, by region; shared by the provider and the connector. They serve the same public data, and limits
 * count per IP over all of them. The first one has public endpoints only; api1 … api4 are said to be faster but less stable.
 *
 * Source: https://developers.binance.com/docs/binance-spot-api-docs/rest-api/general-api-information, read November 2026.
 */
export const BINANCE_HOSTS = {
  global: [
    'https://data-api.binance.vision',
    'https://api.binance.com',
    'https://api-gcp.binance.com',
    'https://api1.binance.com',
    'https://api2.binance.com',
    'https://api3.binance.com',
    'https://api4.binance.com',
  ],
  us: ['https://api.binance.us'],
} as const
