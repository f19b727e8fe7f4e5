/**
 * Words of this market that the finance list lacks or has another sense of, by how good (5) or bad (-5) they sound; `_` joins the parts of a phrase.
 * 0: says nothing here (a trust is a fund, gas is a fee, greed is an index).
 */
export const cryptoWords: readonly (readonly [valence: number, words: string])[] = [
  [4, 'all_time_high all_time_highs ath moons mooning skyrocket skyrockets skyrocketed'],
  [
    3,
    'bullish record_high record_highs golden_cross soar soars soared soaring surge surges surged surging parabolic outperforms outperformed reclaims reclaimed',
  ],
  [
    2,
    `bull_run uptrend breakout breaks_out accumulate accumulates accumulated accumulation inflow inflows jumps jumped leaps leaped climbs climbed rallies
    rallied rallying rebounds rebounded recovers recovered recovering recover rises_above greenlights greenlit greenlight adoption adopts rate_cut rate_cuts
    short_squeeze short_squeezes oversubscribed new_high new_highs upgrades upgraded buys buying bought partners partnered
    integrates integrated rockets higher optimism optimistic upbeat tailwind tailwinds`,
  ],
  [
    1,
    'halving launches launch buyback buybacks staking_rewards burns burned integration expands expanded listing lists unveils demand up advances advanced edges_up',
  ],
  [-1, 'short_seller outflow edges_down overbought lower unlock unlocks pullback pullbacks retraces retraced congestion delays delayed pauses paused'],
  [
    -2,
    `outflows downtrend downgrade downgrades downgraded liquidated rate_hike rate_hikes risk_off headwind headwinds slump slumps slumped sinks sank sinking
    slides slid sliding selloff sell_off sells_off selling_pressure dumps dumped dumping tumbles tumbled sues sued bans banned cracks_down crackdown
    crackdowns subpoena subpoenas subpoenaed indicted indictment probe probes freezes froze frozen suspends suspended halts outage outages stalls stalled
    delist delists delisted delisting slips slipped falls fell plummets plummeted capitulation capitulates weakens overvalued new_low new_lows layoffs`,
  ],
  [
    -3,
    `bearish record_low record_lows all_time_low all_time_lows liquidation liquidations depeg depegs depegged depegging death_cross hack hacks hacked hacker hackers exploit exploits exploited exploiter
    drains drained phishing insolvent insolvency bankrupt breach breached breaches crash crashes crashed crashing plunge plunges plunged plunging
    collapse collapses collapsed launder laundered laundering fud bloodbath contagion`,
  ],
  [
    -4,
    'fraud frauds fraudster fraudsters fraudulent fraudulently catastrophic rug rugged rug_pull rug_pulls rugpull ponzi exit_scam scam scams stolen steals wiped_out',
  ],
  [
    0,
    `greed trust gas like share shares interest united cool liquidity hot safe stable hardware stake staking proof no mine miners mining short bear bull
    cap top key open free support supporting supports matter matters fine asset assets public poised care kind want please worth`,
  ],
]
