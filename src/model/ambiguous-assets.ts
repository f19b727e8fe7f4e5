import type { AssetCandidate } from './result.js'

/** Symbols that several assets share and nobody means by default. None of them stands in a provider's own table: the user chooses with the option `assets`. */
export const AMBIGUOUS_ASSETS: Readonly<Record<string, readonly AssetCandidate[]>> = {
  AI: [
    { name: 'Gensyn', ids: { coingecko: 'gensyn', coinpaprika: 'ai-gensyn' } },
    { name: 'Sleepless AI', ids: { coingecko: 'sleepless-ai' } },
  ],
  BANK: [
    { name: 'Bankless DAO', ids: { coingecko: 'bankless-dao', coinpaprika: 'bank-bankless-dao' } },
    { name: 'Lorenzo Protocol', ids: { coingecko: 'lorenzo-protocol' } },
  ],
  BEAM: [
    { name: 'Beam (privacy coin)', ids: { coingecko: 'beam' } },
    { name: 'Beam (gaming network)', ids: { coingecko: 'beam-2', coinpaprika: 'beam-beam-eth' } },
  ],
  DATA: [
    { name: 'Data Network (formerly Story)', ids: { coingecko: 'story-2', coinpaprika: 'ip-story', coinmarketcap: '35626' } },
    { name: 'Streamr', ids: { coingecko: 'streamr', coinpaprika: 'data-streamr-datacoin' } },
  ],
  EDGE: [
    { name: 'edgeX', ids: { coingecko: 'edgex', coinpaprika: 'edge-edgex' } },
    { name: 'Definitive', ids: { coingecko: 'definitive' } },
  ],
  FRAX: [
    { name: 'Frax (legacy dollar)', ids: { coingecko: 'frax', coinpaprika: 'frax-frax' } },
    { name: 'Frax (formerly Frax Share)', ids: { coingecko: 'frax-share', coinpaprika: 'fxs-frax-share' } },
  ],
  GMT: [
    { name: 'STEPN', ids: { coingecko: 'stepn', coinpaprika: 'gmt-stepn' } },
    { name: 'GoMining Token', ids: { coingecko: 'gmt-token', coinpaprika: 'gmt-gomining-token' } },
  ],
  HOT: [
    { name: 'Holo', ids: { coingecko: 'holotoken', coinpaprika: 'hot-holo' } },
    { name: 'Hydro Protocol', ids: { coingecko: 'hydro-protocol', coinpaprika: 'hot-hydro-protocol' } },
  ],
  ICE: [
    { name: 'Ice Open Network', ids: { coingecko: 'ice' } },
    { name: 'Popsicle Finance', ids: { coingecko: 'popsicle-finance', coinpaprika: 'ice-popsicle-finance' } },
  ],
  MIR: [
    { name: 'Mirror Protocol', ids: { coingecko: 'mirror-protocol', coinpaprika: 'mir-mirror-protocol' } },
    { name: 'MIR COIN', ids: { coingecko: 'mir-coin' } },
  ],
  MONA: [
    { name: 'MonaCoin', ids: { coingecko: 'monacoin', coinpaprika: 'mona-monacoin' } },
    { name: 'Monavale', ids: { coingecko: 'monavale', coinpaprika: 'mona-monavale' } },
  ],
  NEIRO: [
    { name: 'First Neiro on Ethereum', ids: { coingecko: 'neiro-3', coinpaprika: 'neiro-first-neiro-on-ethereum' } },
    { name: 'Neiro on ETH', ids: { coingecko: 'neiro-on-eth' } },
  ],
  OMNI: [
    { name: 'Omni Network', ids: { coingecko: 'omni-network' } },
    { name: 'Omni (Bitcoin layer)', ids: { coingecko: 'omni' } },
  ],
  ONE: [
    { name: 'Harmony', ids: { coingecko: 'harmony', coinpaprika: 'one-harmony' } },
    { name: 'ONEchain (formerly Cross)', ids: { coingecko: 'cross-2', coinpaprika: 'cross-cross' } },
  ],
  TIME: [
    { name: 'Wonderland', ids: { coingecko: 'wonderland' } },
    { name: 'Chrono.tech', ids: { coingecko: 'chronobank' } },
  ],
  VELO: [
    { name: 'Velo', ids: { coingecko: 'velo', coinpaprika: 'velo-velo' } },
    { name: 'Velodrome Finance', ids: { coingecko: 'velodrome-finance', coinpaprika: 'velo-velodrome-finance' } },
  ],
  XAI: [
    { name: 'Xai (gaming network)', ids: { coingecko: 'xai-blockchain', coinpaprika: 'xai-xai-games' } },
    { name: 'SideShift Token', ids: { coingecko: 'sideshift-token', coinpaprika: 'xai-sideshift-token' } },
  ],
}
