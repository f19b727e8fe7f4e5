import { cpus, freemem, loadavg, totalmem } from 'node:os'
import process from 'node:process'
import type { SystemReadings } from 'feedmux/http-api'

const EVERY_MS = 5_000
const MIB = 1_048_576

/** Reads the machine: how busy it was over the last seconds, and its memory (a container's own where it has a limit). */
export function systemReadings(everyMs = EVERY_MS): { read(): SystemReadings; close(): void } {
  let [before, percent] = [times(), undefined as number | undefined]
  const timer = setInterval(() => {
    const now = times()
    const all = now.all - before.all
    if (all > 0) percent = Math.round((1 - (now.idle - before.idle) / all) * 1_000) / 10
    before = now
  }, everyMs).unref()
  return {
    read() {
      const limit = process.constrainedMemory() ?? 0
      const isLimited = limit > 0 && limit < totalmem()
      const total = isLimited ? limit : totalmem()
      const used = isLimited ? limit - process.availableMemory() : total - freemem()
      const [one = 0, five = 0, fifteen = 0] = loadavg()
      return {
        ...(percent !== undefined && { cpuPercent: percent }),
        memoryPercent: Math.round((used / total) * 1_000) / 10,
        memoryUsedMb: Math.round(used / MIB),
        memoryTotalMb: Math.round(total / MIB),
        uptimeSeconds: Math.round(process.uptime()),
        loadAverage: [one, five, fifteen],
        runtime: `Node.js ${process.versions.node}`,
        platform: process.platform,
        architecture: process.arch,
      }
    },
    close: () => clearInterval(timer),
  }
}

function times(): { idle: number; all: number } {
  let [idle, all] = [0, 0]
  for (const { times: one } of cpus()) {
    idle += one.idle
    all += one.user + one.nice + one.sys + one.idle + one.irq
  }
  return { idle, all }
}
