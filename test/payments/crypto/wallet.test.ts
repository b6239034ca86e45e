import { HDKey } from 'viem/accounts'
import { describe, expect, it } from 'vitest'
import { depositAddress, watchOnlyKey } from '../../../src/payments/crypto/wallet.ts'

/** m/44'/60'/0'/0 of the phrase "test test … junk", which every development chain has its accounts from. */
const XPUB =
  'xpub6DyUKdwoLWmUJ4Tn9Bbsdtx7B5Ws18mEN19e5HT52ikE53FiUheSQXrZUNPovqfyKmw4579A1Mm3GXXKM39N64uooBfJ4tNAzFsEbodRTx4'

/** BIP-32, test vector 1, chain m/0H/1/2H/2: an extended key of depth 4, private and public. */
const VECTOR_XPRV =
  'xprvA2JDeKCSNNZky6uBCviVfJSKyQ1mDYahRjijr5idH2WwLsEd4Hsb2Tyh8RfQMuPh7f7RtyzTtdrbdqqsunu5Mm3wDvUAKRHSC34sJ7in334'
const VECTOR_XPUB =
  'xpub6FHa3pjLCk84BayeJxFW2SP4XRrFd1JYnxeLeU8EqN3vDfZmbqBqaGJAyiLjTAwm6ZLRQUMv1ZACTj37sR62cfN7fe5JnJ7dh8zL4fiyLHV'

describe('a deposit address', () => {
  it.each([
    [0, '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266'],
    [1, '0x70997970c51812dc3a010c7d01b50e0d17dc79c8'],
    [2, '0x3c44cdddb6a900fa2b585dd299e03d12fa4293bc'],
    [3, '0x90f79bf6eb2c4f870365e785982e1f101e93b906'],
    [9, '0xa0ee7a142d267c1f36714e4a8f75612f20a79720'],
  ])('at index %i of the phrase of development chains is its known account %s', (index, address) => {
    expect(depositAddress(XPUB, index)).toBe(address)
  })

  it.each([-1, 0.5, 2 ** 31, Number.NaN])('has no index %d: hardened steps need a private key', (index) => {
    expect(() => depositAddress(XPUB, index)).toThrow(RangeError)
  })
})

describe('the key of a wallet', () => {
  it('is read as the public key it is, as in the vector of BIP-32', () => {
    const key = watchOnlyKey(VECTOR_XPUB)
    expect(key.privateKey).toBeNull()
    expect(key.publicExtendedKey).toBe(HDKey.fromExtendedKey(VECTOR_XPRV).publicExtendedKey)
  })

  it('derives the child that BIP-32 names: m/0H/1/2H/2/1000000000', () => {
    expect(watchOnlyKey(VECTOR_XPUB).deriveChild(1_000_000_000).publicExtendedKey).toBe(
      'xpub6H1LXWLaKsWFhvm6RVpEL9P4KfRZSW7abD2ttkWP3SSQvnyA8FSVqNTEcYFgJS2UaFcxupHiYkro49S8yGasTvXEYBVPamhGW6cFJodrTHy',
    )
  })

  it('is refused when it is private, and the answer does not repeat it', () => {
    expect(() => watchOnlyKey(VECTOR_XPRV)).toThrow(
      expect.objectContaining({ code: 'wallet_not_watch_only' }),
    )
    expect(() => watchOnlyKey(VECTOR_XPRV)).not.toThrow(VECTOR_XPRV)
  })

  it('is refused above the change level: its addresses would be others than the wallet shows', () => {
    // BIP-32, test vector 1, chain m/0H/1/2H: depth 3.
    const account =
      'xpub6D4BDPcP2GT577Vvch3R8wDkScZWzQzMMUm3PWbmWvVJrZwQY4VUNgqFJPMM3No2dFDFGTsxxpG5uJh7n7epu4trkrX7x7DogT5Uv6fcLW5'
    expect(() => watchOnlyKey(account)).toThrow(expect.objectContaining({ code: 'xpub_level' }))
  })

  it.each(['', 'xpub', '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266', `${XPUB.slice(0, -1)}5`, XPUB.slice(1)])(
    'is refused when it is mistyped: %s',
    (text) => {
      expect(() => watchOnlyKey(text)).toThrow(expect.objectContaining({ code: 'xpub_malformed' }))
    },
  )
})
