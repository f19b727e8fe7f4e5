import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Runs a file of this folder in a process of its own, and gives what it prints as JSON. */
export function child(file: string, args: readonly string[] = [], flags: readonly string[] = []): unknown {
  const path = fileURLToPath(new URL(file, import.meta.url))
  return JSON.parse(execFileSync(process.execPath, [...flags, path, ...args], { encoding: 'utf8' }))
}
