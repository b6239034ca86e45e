import type { LocalDate } from '../../kernel/calendar.ts'
import { type Minor, sum } from '../../kernel/money.ts'
import type { Payer } from '../payment.ts'
import type { Booking, BookingPart, Statement, StatementFile, StatementFormat } from './statement.ts'
import { bareAccount, dateAt, moneyAt, oneLine, unreadable } from './statement-value.ts'
import { attributeOf, childAt, childrenOf, parseXml, textAt, type XmlNode } from './xml.ts'

/** The messages of ISO 20022 that show entries of an account: the message, and its statements within. */
const MESSAGES: { format: StatementFormat; message: string; statement: string }[] = [
  { format: 'camt.053', message: 'BkToCstmrStmt', statement: 'Stmt' },
  { format: 'camt.052', message: 'BkToCstmrAcctRpt', statement: 'Rpt' },
  { format: 'camt.054', message: 'BkToCstmrDbtCdtNtfctn', statement: 'Ntfctn' },
]

/** What banks write into a field that they must fill and have nothing for. */
const PLACEHOLDER = /^(NOTPROVIDED|NONREF|NOREF|UNKNOWN|0+)$/i

/**
 * Reads a camt.052, .053 or .054 message of any version: versions .02 to .13 differ in where a name or a status
 * stands, and both places are looked at.
 *
 * @throws Problem 422 naming the statement and entry that cannot be read
 */
export function readCamt(text: string): StatementFile {
  const document = childAt(parseXml(text), 'Document')
  const kind = MESSAGES.find(({ message }) => childAt(document, message) !== undefined)
  if (!kind) throw unreadable('the file', 'is XML, but no camt.052, camt.053 or camt.054 message')
  const statements = childrenOf(childAt(document, kind.message), kind.statement)
  return { format: kind.format, statements: statements.map(readStatement) }
}

function readStatement(node: XmlNode, place: number): Statement {
  const account = textAt(node, 'Acct', 'Id', 'IBAN') || textAt(node, 'Acct', 'Id', 'Othr', 'Id')
  const statementId = textAt(node, 'Id')
  return {
    account: account === '' ? null : bareAccount(account),
    bookings: childrenOf(node, 'Ntry').map((entry, entryPlace) =>
      readEntry(entry, statementId, `entry ${entryPlace + 1} of statement ${place + 1}`),
    ),
  }
}

function readEntry(node: XmlNode, statementId: string, where: string): Booking {
  const currency = attributeOf(childAt(node, 'Amt'), 'Ccy')
  const magnitude = moneyAt(textAt(node, 'Amt'), currency, where)
  if (magnitude < 0n) throw unreadable(where, 'has a negative amount; the direction belongs into CdtDbtInd')
  const sign = signOf(textAt(node, 'CdtDbtInd'), where)
  const details = childrenOf(node, 'NtryDtls').flatMap((group) => childrenOf(group, 'TxDtls'))
  const status = textAt(node, 'Sts', 'Cd') || textAt(node, 'Sts')
  return {
    amount: sign * magnitude,
    currency,
    bookedOn: bookingDate(node, where),
    bankReference: bankReference(node, details, statementId),
    isBooked: status === '' || status === 'BOOK',
    isReversal:
      /^(true|1)$/.test(textAt(node, 'RvslInd')) || details.some((tx) => childAt(tx, 'RtrInf') !== undefined),
    parts: readParts(node, details, { magnitude, sign, currency, where }),
  }
}

function signOf(indicator: string, where: string): bigint {
  if (indicator === 'CRDT') return 1n
  if (indicator === 'DBIT') return -1n
  throw unreadable(where, 'says neither CRDT nor DBIT in CdtDbtInd')
}

function bookingDate(node: XmlNode, where: string): LocalDate {
  for (const field of ['BookgDt', 'ValDt']) {
    const text = textAt(node, field, 'Dt') || textAt(node, field, 'DtTm')
    // A date may carry a zone, and a time follows after it: the bank's own day is what counts.
    if (text !== '') return dateAt(text.slice(0, 10), where)
  }
  throw unreadable(where, 'has neither a booking date nor a value date')
}

/** The servicer's reference is the bank's id of a booking; an entry's own reference is one within its statement. */
function bankReference(node: XmlNode, details: readonly XmlNode[], statementId: string): string | null {
  const single = details.length === 1 ? details[0] : undefined
  const within = textAt(node, 'NtryRef')
  const candidates = [
    textAt(node, 'AcctSvcrRef'),
    textAt(single, 'Refs', 'AcctSvcrRef'),
    within && statementId && !PLACEHOLDER.test(within) ? `${statementId}/${within}` : '',
    textAt(single, 'Refs', 'TxId'),
    textAt(single, 'Refs', 'UETR'),
  ]
  return candidates.find((text) => text !== '' && !PLACEHOLDER.test(text)) ?? null
}

/**
 * The transfers of a batch, where each says its amount and they add up to the entry. Where they don't – some banks give
 * them in another currency, or leave some out – the entry stays whole and carries all their texts.
 */
function readParts(
  node: XmlNode,
  details: readonly XmlNode[],
  entry: { magnitude: Minor; sign: bigint; currency: string; where: string },
): BookingPart[] {
  const amounts = details.map((tx) => partAmount(tx, entry.currency, entry.where))
  const total = sum(amounts)
  const more = textAt(node, 'AddtlNtryInf')
  if (details.length > 1 && total === entry.magnitude && amounts.every((amount) => amount > 0n)) {
    return details.map((tx, place) => ({
      amount: entry.sign * amounts[place]!,
      payer: payerOf(tx),
      reference: oneLine(textsOf(tx)),
    }))
  }
  const payer = details.length === 1 ? payerOf(details[0]) : {}
  return [
    { amount: entry.sign * entry.magnitude, payer, reference: oneLine([...details.flatMap(textsOf), more]) },
  ]
}

/** Zero where the transfer does not say its amount in the currency of the entry. */
function partAmount(tx: XmlNode, currency: string, where: string): Minor {
  const amount = childAt(tx, 'Amt') ?? childAt(tx, 'AmtDtls', 'TxAmt', 'Amt')
  return amount !== undefined && attributeOf(amount, 'Ccy') === currency
    ? moneyAt(textAt(amount), currency, where)
    : 0n
}

function payerOf(tx: XmlNode): Payer {
  const parties = childAt(tx, 'RltdPties')
  const name = oneLine([textAt(parties, 'Dbtr', 'Pty', 'Nm') || textAt(parties, 'Dbtr', 'Nm')])
  const account = childAt(parties, 'DbtrAcct', 'Id')
  const number = bareAccount(textAt(account, 'IBAN') || textAt(account, 'Othr', 'Id'))
  return { ...(name && { name }), ...(number && { account: number }) }
}

/** What the payer wrote, the strongest evidence first. */
function textsOf(tx: XmlNode): string[] {
  const remittance = childrenOf(tx, 'RmtInf')
  const endToEnd = textAt(tx, 'Refs', 'EndToEndId')
  return [
    ...remittance
      .flatMap((each) => childrenOf(each, 'Strd'))
      .map((each) => textAt(each, 'CdtrRefInf', 'Ref')),
    ...remittance.flatMap((each) => childrenOf(each, 'Ustrd')).map((each) => textAt(each)),
    PLACEHOLDER.test(endToEnd) ? '' : endToEnd,
    textAt(tx, 'AddtlTxInf'),
  ]
}
