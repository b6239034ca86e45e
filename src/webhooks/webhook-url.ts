const LENGTH_MAX = 2_000

/** Names that stand for a machine or a network of one's own. */
const OWN_NAMES = /(^|\.)(localhost|local|internal|intranet|lan|home\.arpa)$/

const LOCALHOST = new Set(['localhost', '127.0.0.1', '[::1]'])

/** First address and prefix length of what is not the public internet (IANA special-purpose registry). */
const OWN_NETWORKS = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const

/**
 * What keeps an address from being a webhook's, or undefined: it must be https, and lead out to the public internet, so
 * that nobody makes the Worker call what is not meant to be called from outside. `isSandbox` also takes plain http to the
 * machine itself.
 *
 * @example urlFault('https://10.0.0.7/hook', false) // 'must lead to the public internet'
 */
export function urlFault(text: string, isSandbox: boolean): string | undefined {
  if (text.length > LENGTH_MAX || !URL.canParse(text)) return 'must be a URL of at most 2,000 characters'
  const url = new URL(text)
  if (url.username || url.password || url.hash) return 'must have no user, password or fragment'
  if (isSandbox && url.protocol === 'http:' && LOCALHOST.has(url.hostname)) return undefined
  if (url.protocol !== 'https:') return 'must begin with https://'
  return isPublic(url.hostname) ? undefined : 'must lead to the public internet'
}

/** `host` as a URL has it: in lower case, an IPv4 address in four decimal numbers however it was written. */
function isPublic(host: string): boolean {
  // Of IPv6 2000::/3 is global; within it 6to4 and Teredo hold an IPv4 address, which could be anybody's.
  if (host.startsWith('[')) return /^\[[23][0-9a-f]{3}:/.test(host) && !/^\[(2002:|2001:0?:)/.test(host)
  const address = numberOf(host)
  if (address !== undefined)
    return !OWN_NETWORKS.some(([first, length]) => isWithin(address, numberOf(first) ?? 0, length))
  return host.includes('.') && !OWN_NAMES.test(host.replace(/\.$/, ''))
}

const isWithin = (address: number, first: number, length: number): boolean =>
  Math.floor(address / 2 ** (32 - length)) === Math.floor(first / 2 ** (32 - length))

function numberOf(host: string): number | undefined {
  const parts = /^(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(host)
  return parts?.slice(1).reduce((sum, part) => sum * 256 + Number(part), 0)
}
