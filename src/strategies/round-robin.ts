import { labelled, type Strategy } from './strategy.js'

/** Each in turn: whoever was picked longest ago. Members that come and go are neither starved nor doubled. */
export function roundRobin(): Strategy {
  return labelled('round-robin', (candidate) => candidate.lastPick)
}
