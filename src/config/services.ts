import type { Category } from '../model/capabilities.js'

/** What is known of a service that the registry of providers does not have. */
export interface ServiceFacts {
  readonly name: string
  readonly category: Category
  readonly homepage: string
  /** Ids of providers that can stand in for it, the best first. */
  readonly instead?: readonly string[]
  readonly paid?: true
  /** Why nobody answers, where `ABSENT_PROVIDERS` does not say it. */
  readonly why?: string
  /** @default 'required' */
  readonly key?: 'none' | 'optional' | 'required'
}

const explorer = (name: string, homepage: string, ...instead: string[]): ServiceFacts => ({ name, category: 'onchain', homepage, instead })
const node = (name: string, homepage: string): ServiceFacts => ({ name, category: 'onchain', homepage, instead: ['publicnode', 'drpc'], key: 'none' })
const defi = (name: string, homepage: string, ...instead: string[]): ServiceFacts => ({ name, category: 'defi', homepage, instead, key: 'none' })
const nft = (name: string, homepage: string): ServiceFacts => ({ name, category: 'nft', homepage, instead: ['magic-eden', 'coingecko', 'opensea'] })
const wallet = (name: string, homepage: string): ServiceFacts => ({ name, category: 'defi', homepage })

/** The services of `ABSENT_PROVIDERS`, by id: their names, and who can take their place. Why they have no provider stands there. */
export const ABSENT_SERVICES: Readonly<Record<string, ServiceFacts>> = {
  '1inch': wallet('1inch', 'https://1inch.io'),
  arbiscan: explorer('Arbiscan', 'https://arbiscan.io', 'arbitrum-rpc', 'etherscan'),
  beaconchain: explorer('beaconcha.in', 'https://beaconcha.in', 'publicnode'),
  bitquery: explorer('Bitquery', 'https://bitquery.io', 'routescan', 'etherscan'),
  bscscan: explorer('BscScan', 'https://bscscan.com', 'publicnode'),
  'cloudflare-eth': node('Cloudflare Ethereum Gateway', 'https://developers.cloudflare.com/web3/ethereum-gateway/'),
  compound: defi('Compound', 'https://compound.finance', 'balancer', 'defillama'),
  'crypto-api-clean': {
    name: 'Crypto API Clean',
    category: 'market_metadata',
    homepage: 'https://www.npmjs.com/package/feedmux',
    instead: ['custom-fallback'],
    key: 'none',
    why: 'a directory of descriptions, nothing that can be asked',
  },
  covalent: explorer('Covalent', 'https://www.covalenthq.com', 'routescan', 'etherscan'),
  debank: wallet('DeBank', 'https://debank.com'),
  dia: { name: 'DIA', category: 'market_price', homepage: 'https://www.diadata.org', instead: ['coinpaprika'], key: 'none' },
  dune: explorer('Dune', 'https://dune.com', 'routescan', 'etherscan'),
  freecryptoapi: { name: 'Free Crypto API', category: 'market_price', homepage: 'https://freecryptoapi.com', instead: ['coinpaprika'] },
  helius: explorer('Helius', 'https://www.helius.dev', 'solana-rpc'),
  intotheblock: { name: 'IntoTheBlock', category: 'analytics', homepage: 'https://www.intotheblock.com', instead: ['coinmetrics'], paid: true },
  kaiko: { name: 'Kaiko', category: 'analytics', homepage: 'https://www.kaiko.com', instead: ['coinmetrics'], paid: true },
  'llamanodes-eth': node('LlamaNodes Ethereum', 'https://llamanodes.com'),
  moralis: explorer('Moralis', 'https://moralis.com', 'routescan', 'etherscan'),
  nftport: nft('NFTPort', 'https://www.nftport.xyz'),
  nomics: { name: 'Nomics', category: 'market_price', homepage: 'https://nomics.com', instead: ['coinpaprika', 'coinlore'] },
  'optimistic-etherscan': explorer('Optimistic Etherscan', 'https://optimistic.etherscan.io', 'optimism-rpc', 'blockscout'),
  pancakeswap: defi('PancakeSwap', 'https://pancakeswap.finance', 'defillama'),
  polygonscan: explorer('PolygonScan', 'https://polygonscan.com', 'publicnode', 'etherscan'),
  reservoir: nft('Reservoir', 'https://reservoir.tools'),
  simplehash: nft('SimpleHash', 'https://simplehash.com'),
  sushiswap: defi('SushiSwap', 'https://www.sushi.com', 'defillama'),
  tronscan: explorer('TronScan', 'https://tronscan.org', 'trongrid'),
  'twitter-trends': { name: 'Twitter Crypto Trends', category: 'social', homepage: 'https://x.com', instead: ['santiment'], paid: true },
  'whale-alert': { name: 'Whale Alert', category: 'onchain', homepage: 'https://whale-alert.io', paid: true },
  yearn: defi('Yearn', 'https://yearn.fi', 'defillama'),
  zerion: wallet('Zerion', 'https://zerion.io'),
}

/** Engines of `feedmux/sentiment`, which are providers too but no members of the registry: they want models or libraries. */
export const ENGINES: Readonly<Record<string, ServiceFacts>> = {
  'hugging-face': { name: 'Hugging Face Inference', category: 'sentiment', homepage: 'https://huggingface.co/docs/inference-providers' },
  lexicon: { name: 'Lexicon', category: 'sentiment', homepage: 'https://www.npmjs.com/package/feedmux', key: 'none' },
  'transformers-js': { name: 'Local model', category: 'sentiment', homepage: 'https://huggingface.co/docs/transformers.js', key: 'none' },
}

/** Off until their options say more than a key, which is free. */
export const TO_BE_SET_UP: ReadonlySet<string> = new Set(['quicknode', 'uniswap-v3'])

/** What a service is counted under where that is not the category of its first capability. */
export const MAIN_CATEGORIES: Readonly<Record<string, Category>> = { defillama: 'defi' }
