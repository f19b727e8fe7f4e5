/** Bitcoin, by its CAIP-2 id. */
export const BITCOIN = 'bip122:000000000019d6689c085ae165831e93'
/** Solana's main network, by its CAIP-2 id. */
export const SOLANA = 'solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp'
/** Tron's main network, by its CAIP-2 id. */
export const TRON = 'tron:0x2b6653dc'

// CAIP-10: namespace, chain, address.
const ACCOUNT = /^([-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32}):([-.%a-zA-Z0-9]{1,128})$/

/** A chain (CAIP-2) and an address on it, out of a CAIP-10 id; both empty where it is none. */
export function accountOf(account: string): { readonly chain: string; readonly address: string } {
  const [, chain = '', address = ''] = ACCOUNT.exec(account) ?? []
  return { chain, address }
}

/** Number of an EVM chain: 1 of `eip155:1`; nothing of other chains. */
export function evmChainOf(chain: string): number | undefined {
  const [, id] = /^eip155:([1-9]\d{0,14})$/.exec(chain) ?? []
  return id === undefined ? undefined : Number(id)
}

/** Own coin of an EVM chain, all with 18 decimals: ETH where the chain is not in the table, as on most rollups and testnets. */
export const evmCoinOf = (chain: number): string => EVM_COINS.get(chain) ?? 'ETH'

const EVM_COINS: ReadonlyMap<number, string> = new Map([
  [14, 'FLR'],
  [19, 'SGB'],
  [25, 'CRO'],
  [30, 'RBTC'],
  [40, 'TLOS'],
  [50, 'XDC'],
  [56, 'BNB'],
  [57, 'SYS'],
  [61, 'ETC'],
  [88, 'VIC'],
  [97, 'BNB'],
  [100, 'XDAI'],
  [122, 'FUSE'],
  [137, 'POL'],
  [143, 'MON'],
  [146, 'S'],
  [199, 'BTT'],
  [204, 'BNB'],
  [250, 'FTM'],
  [252, 'FRAX'],
  [295, 'HBAR'],
  [321, 'KCS'],
  [369, 'PLS'],
  [592, 'ASTR'],
  [999, 'HYPE'],
  [1030, 'CFX'],
  [1088, 'METIS'],
  [1116, 'CORE'],
  [1284, 'GLMR'],
  [1285, 'MOVR'],
  [1329, 'SEI'],
  [1514, 'IP'],
  [2020, 'RON'],
  [2222, 'KAVA'],
  [4689, 'IOTX'],
  [5000, 'MNT'],
  [7000, 'ZETA'],
  [8217, 'KAIA'],
  [9745, 'XPL'],
  [33_139, 'APE'],
  [42_220, 'CELO'],
  [43_113, 'AVAX'],
  [43_114, 'AVAX'],
  [80_002, 'POL'],
  [80_094, 'BERA'],
  [1_666_600_000, 'ONE'],
])
