import type { Address } from 'viem'
import { mnemonicToAccount } from 'viem/accounts'

/** The phrase of every development chain, known to everybody: nothing of worth may ever be sent to its accounts. */
const TEST_MNEMONIC = 'test test test test test test test test test test test junk'

/** Extended public key of the change level of an account. Account 0 is the payers'. */
export const testXpub = (account: number): string =>
  mnemonicToAccount(TEST_MNEMONIC, { path: `m/44'/60'/${account}'/0` }).getHdKey().publicExtendedKey

/** The wallet of the demo company. */
export const SANDBOX_XPUB = testXpub(1)

/** Owns the tokens that payers send; its key, like those of the other nine, lies in anvil. */
export const PAYER: Address = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'
/** Does nothing but deploy the token, so that the token's address is the same on every fresh chain. */
export const DEPLOYER: Address = '0xa0Ee7A142d267C1f36714E4a8F75612F20a79720'
