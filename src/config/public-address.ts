/** Names that stand for something inside a network, whatever they resolve to. */
const INSIDE = /(?:^|\.)(?:localhost|localdomain|local|internal|intranet|lan|home|corp|private|test|invalid|example|home\.arpa)$/

/** First and last address of each IPv4 block that is not public: RFC 6890 and later. */
const BLOCKS: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
]

/**
 * Whether an address may lead to a public server, as far as it can be told without asking: https, the usual port, a name with a dot or a public IP address.
 * A name that resolves to an address inside a network is not recognised here: where that matters, give a `fetch` that refuses those.
 */
export function isPublicAddress(address: string): boolean {
  if (!URL.canParse(address)) return false
  // URL writes every form of an IPv4 address (0x7f.1, 2130706433) as four numbers
  const { protocol, hostname, port, username, password } = new URL(address)
  if (protocol !== 'https:' || port !== '' || username !== '' || password !== '') return false
  const name = hostname.replace(/\.+$/, '')
  if (name.startsWith('[')) return isPublicV6(name.slice(1, -1))
  if (/^\d+(?:\.\d+){3}$/.test(name)) return isPublicV4(name)
  return name.includes('.') && !INSIDE.test(name)
}

const numberOf = (address: string): number => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)

const isPublicV4 = (address: string): boolean =>
  !BLOCKS.some(([first, bits]) => {
    const size = 2 ** (32 - bits)
    return Math.floor(numberOf(address) / size) === Math.floor(numberOf(first) / size)
  })

/** Only global unicast, 2000::/3, without what leads to IPv4 (6to4, Teredo) or is for documents. */
function isPublicV6(address: string): boolean {
  const [first = '', second = ''] = address.split(':')
  const head = Number.parseInt(first || '0', 16)
  const next = Number.parseInt(second || '0', 16)
  if (head < 0x2000 || head > 0x3fff || head === 0x2002) return false
  return !(head === 0x2001 && (next === 0 || next === 0xdb8)) && !(head === 0x3fff && next < 0x1000)
}
