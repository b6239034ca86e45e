import { secp256k1 } from '@noble/curves/secp256k1'
import { HDKey, publicKeyToAddress } from 'viem/accounts'
import { bytesToHex } from 'viem/utils'
import { faultOfXpub } from '../../customers/wallet.ts'
import { invalid } from '../../kernel/problem.ts'

/** Indexes from here on are hardened: a public key alone cannot derive them. */
const INDEX_END = 2 ** 31

/**
 * The deposit address with this index below an extended public key, in lower case. Whoever holds the wallet's seed
 * holds its private key; this program never does.
 *
 * @param xpub of the change level, `m/44'/60'/n'/0`
 * @throws Problem `wallet_not_watch_only`, `xpub_malformed` or `xpub_level`
 * @see BIP-32 (child public keys), BIP-44 (levels), SLIP-44 (coin 60)
 */
export function depositAddress(xpub: string, index: number): string {
  if (!Number.isInteger(index) || index < 0 || index >= INDEX_END) {
    throw new RangeError(`derivation index ${index} is outside 0 to 2^31 - 1`)
  }
  const { publicKey } = watchOnlyKey(xpub).deriveChild(index)
  if (!publicKey) throw new Error('a public key derives public keys')
  // An address is the hash of both coordinates, while extended keys carry one of them and the other's parity.
  const uncompressed = secp256k1.ProjectivePoint.fromHex(publicKey).toRawBytes(false)
  return publicKeyToAddress(bytesToHex(uncompressed)).toLowerCase()
}

/** Reads the extended public key of a wallet. @throws Problem where `faultOfXpub` finds a fault */
export function watchOnlyKey(xpub: string): HDKey {
  const fault = faultOfXpub(xpub)
  if (fault) throw invalid(fault.code, `The xpub of the wallet ${fault.message}.`)
  return HDKey.fromExtendedKey(xpub)
}
