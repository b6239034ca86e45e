import type { Rail } from './payment.ts'

/** What the customer is told when money has been applied to an invoice; every text ready to be read. */
export type ReceiptNotice = {
  sellerName: string
  invoiceNumber: string
  /** For people: `$1,050.00`. */
  paid: string
  /** In words: `31 January 2026`. */
  receivedOn: string
  rail: Rail
  /** What the invoice still owes; null when it is settled. */
  left: string | null
  hostedUrl: string
}

export const receiptSubject = ({ invoiceNumber, sellerName }: ReceiptNotice): string =>
  `We received your payment of invoice ${invoiceNumber} – ${sellerName}`

export const receiptText = (notice: ReceiptNotice): string => `${received(notice)}

${remaining(notice)}

See the invoice:
${notice.hostedUrl}

${notice.sellerName}
`

export const ReceiptMail = (notice: ReceiptNotice) => (
  <html lang="en">
    <body>
      <p>{received(notice)}</p>
      <p>{remaining(notice)}</p>
      <p>
        <a href={notice.hostedUrl}>See the invoice</a>
      </p>
      <p>{notice.sellerName}</p>
    </body>
  </html>
)

const BY: Record<Rail, string> = {
  card: ' by card',
  wire: ' by bank transfer',
  crypto: ' by wallet transfer',
  manual: '',
}

const received = ({ paid, invoiceNumber, receivedOn, rail }: ReceiptNotice): string =>
  `Thank you. Your payment of ${paid}${BY[rail]} for invoice ${invoiceNumber} arrived on ${receivedOn}.`

const remaining = ({ left }: ReceiptNotice): string =>
  left === null ? 'The invoice is paid in full.' : `${left} of this invoice is still open.`
