export type Address = {
  line1?: string | undefined
  line2?: string | undefined
  city?: string | undefined
  state?: string | undefined
  zip_code?: string | undefined
  country?: string | undefined
}

/** A bank account of a legal entity, as printed on invoices. */
export type BankAccount = {
  id: string
  currency: string
  beneficiary: string
  bank_name: string
  iban?: string | undefined
  bic?: string | undefined
  account_number?: string | undefined
  routing_number?: string | undefined
}

/** The smaller of an amount in the entity's currency and a percentage of what is open; decimal strings. */
export type ShortPayment = { amount: string; percent: string }

/** A watch-only wallet: addresses are derived from the extended public key; no private key is ever stored. */
export type Wallet = {
  id: string
  /** Extended public key of the change level (m/44'/60'/n'/0). */
  xpub: string
  chains: WalletChain[]
}

type WalletChain = { chain_id: number; tokens: WalletToken[] }

/** An ERC-20 accepted at par for invoices in `currency`. */
export type WalletToken = { symbol: string; address: string; decimals: number; currency: string }

/** What else is known of a customer and takes no part in billing; in the seed product's own names. */
export type CustomerProfile = {
  phone?: { countryCode?: string | undefined; phone: string } | undefined
  shipping_address?: string | undefined
  billing_bank_transfer_details?: { billing_account_id: string } | undefined
  /** The wallet that the customer pays from. */
  billing_crypto_details?: { address?: string | undefined; tokens?: string[] | undefined } | undefined
}
