import { parseArgs } from 'node:util'
import { start } from './start.ts'

const { values } = parseArgs({ options: { live: { type: 'boolean', default: false }, port: { type: 'string', default: '3000' } } })
const app = await start({ live: values.live, port: Number(values.port), token: process.env['FEEDMUX_API_TOKEN'] || undefined })
console.log(`${app.url}/price/BTC/USD and ${app.url}/health${values.live ? '' : ' (simulated providers, made-up prices; --live asks the real ones)'}`)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void app.close())
