import { isValidIBAN } from 'ibantools'
import { isCreditorReference } from '../../invoicing/documents/creditor-reference.ts'
import { formatMoney, type Minor } from '../../kernel/money.ts'
import { bareAccount } from './statement-value.ts'

const NAME_MAX = 70
const AMOUNT_MAX = 99_999_999_999n

/**
 * The text of the QR code that European banking apps read to fill in a SEPA credit transfer, or undefined where there
 * can be none: only euro, only IBAN, 0.01 to 999,999,999.99. Encode it with error correction level M.
 * Source: European Payments Council, EPC069-12, version 002 (the BIC may be left out within the EEA).
 */
export function epcQrText(transfer: {
  beneficiary: string
  iban: string | undefined
  bic?: string | undefined
  currency: string
  /** Minor units. */
  amount: Minor
  /** ISO 11649 creditor reference. */
  reference: string
}): string | undefined {
  const iban = bareAccount(transfer.iban ?? '')
  const { amount, currency } = transfer
  if (currency !== 'EUR' || !isValidIBAN(iban) || amount <= 0n || amount > AMOUNT_MAX) return undefined
  const structured = isCreditorReference(transfer.reference)
  return [
    'BCD',
    '002',
    '1',
    'SCT',
    bareAccount(transfer.bic ?? ''),
    transfer.beneficiary.replace(/\s+/g, ' ').slice(0, NAME_MAX),
    iban,
    `EUR${formatMoney(amount, 'EUR')}`,
    '',
    structured ? bareAccount(transfer.reference) : '',
    structured ? '' : transfer.reference.replace(/\s+/g, ' ').slice(0, 140),
  ]
    .join('\n')
    .trimEnd()
}
