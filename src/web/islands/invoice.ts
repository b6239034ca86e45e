import { follow } from './follow.ts'
import { offerWallets } from './wallets.ts'

/** The hosted invoice: pays with wallets of the browser, and shows what has arrived without a reload. */
const check = follow(() => offer())
const offer = offerWallets(check)
offer()
