import type { Child } from 'hono/jsx'
import type { Labelled } from '../assembly/document-totals.ts'
import type { InvoiceDocument } from './document.ts'

export type IssuedMail = {
  document: InvoiceDocument
  hostedUrl: string
  /** The customer's saved card is charged without a step of theirs. */
  charged: boolean
}

/** The mail that brings an invoice: HTML, and the same in plain text. */
export const issuedMail = (mail: IssuedMail): { subject: string; html: string; text: string } => ({
  subject: subjectOf(mail.document),
  html: `<!doctype html>${(<IssuedMailBody {...mail} />).toString()}`,
  text: textOf(mail),
})

function subjectOf({ number, seller, state, total, amountDue, dueDate }: InvoiceDocument): string {
  const rest = state === 'PAID' ? `${total}, paid` : `${amountDue} due ${dueDate}`
  return `Invoice ${number} from ${seller.name}: ${rest}`
}

const IssuedMailBody = ({ document, hostedUrl, charged }: IssuedMail) => (
  <html lang="en">
    <body style="margin:0;padding:24px;background:#f4f5f7;font-family:Helvetica,Arial,sans-serif;color:#111827">
      <table role="presentation" width="100%" cellpadding="0" cellspacing="0">
        <tr>
          <td align="center">
            <table role="presentation" width="560" style="max-width:560px;background:#ffffff;padding:32px">
              <Cell>{firstLine(document)}</Cell>
              <Cell>{whatToDo(document, charged)}</Cell>
              <Cell>
                <a href={hostedUrl} style={BUTTON}>
                  {buttonOf(document, charged)}
                </a>
              </Cell>
              {blocksOf(document).map((block) => (
                <Cell>
                  {block.map(({ label, value }) => (
                    <div>
                      <span style="color:#4b5563">{label}:</span> {value}
                    </div>
                  ))}
                </Cell>
              ))}
              <Cell>{document.seller.name}</Cell>
            </table>
          </td>
        </tr>
      </table>
    </body>
  </html>
)

const Cell = ({ children }: { children: Child }) => (
  <tr>
    <td style="padding:8px 0;font-size:15px;line-height:22px">{children}</td>
  </tr>
)

const BUTTON =
  'display:inline-block;padding:12px 20px;background:#1d4ed8;color:#ffffff;text-decoration:none;border-radius:6px'

const textOf = ({ document, hostedUrl, charged }: IssuedMail): string =>
  [
    firstLine(document),
    whatToDo(document, charged),
    `${buttonOf(document, charged)}:\n${hostedUrl}`,
    ...blocksOf(document).map((block) => block.map(({ label, value }) => `${label}: ${value}`).join('\n')),
    document.seller.name,
  ].join('\n\n')

const firstLine = ({ number, seller, total, dueDate, facts }: InvoiceDocument): string => {
  const period = facts.find(({ label }) => label === 'Billing period')?.value
  return `${seller.name} has sent you invoice ${number} over ${total}, due ${dueDate}, for ${period}.`
}

function whatToDo({ state, amountDue, bankAccounts }: InvoiceDocument, charged: boolean): string {
  const attached = 'The invoice is attached as a PDF.'
  if (state === 'PAID') return `Nothing is left to pay. ${attached}`
  if (charged)
    return `Your saved card will be charged with ${amountDue}; you need not do anything. ${attached}`
  const wire = bankAccounts.length > 0 ? ', or by wire with the details below' : ''
  return `${amountDue} is to be paid. You can pay online${wire}. ${attached}`
}

const buttonOf = ({ state }: InvoiceDocument, charged: boolean): string =>
  state === 'PAID' || charged ? 'View the invoice' : 'View and pay the invoice'

/** The figures; then what a wire needs, as text that can be copied. */
const blocksOf = (document: InvoiceDocument): Labelled[][] => [
  [...document.totals, { label: 'Amount due', value: document.amountDue }],
  ...paymentBlocks(document),
]

const paymentBlocks = ({ state, paymentReference, bankAccounts }: InvoiceDocument): Labelled[][] =>
  state === 'PAID' ? [] : [[{ label: 'Payment reference', value: paymentReference }], ...bankAccounts]
