// Loaded before a program that asks real services: sends its requests to their simulations (FEEDMUX_TEST_REDIRECTS, JSON), and nothing else off this machine.
const redirects = Object.entries(JSON.parse(process.env.FEEDMUX_TEST_REDIRECTS))
const real = globalThis.fetch

globalThis.fetch = async (input, init) => {
  const url = String(input?.url ?? input)
  if (url.startsWith('http://127.0.0.1:')) return real(input, init)
  const [host, to] = redirects.find(([prefix]) => url.startsWith(`${prefix}/`)) ?? []
  if (host === undefined) throw new TypeError(`no test asks ${url}`)
  const address = to + url.slice(host.length)
  return typeof input === 'object' && 'method' in input ? real(new Request(address, input), init) : real(address, init)
}
