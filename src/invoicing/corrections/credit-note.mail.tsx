/** What the customer is told of a credit note; every text ready to be read. */
export type CreditNoteNotice = {
  sellerName: string
  number: string
  invoiceNumber: string
  reason: string
  /** For people: `$1,050.00`. */
  total: string
  /** What of it is the customer's credit now; null when all of it lowered what was open. */
  credit: string | null
  /** What the invoice still owes; null when nothing. */
  left: string | null
  lines: { description: string; period: string; amount: string }[]
  hostedUrl: string
}

export const creditNoteMail = (
  notice: CreditNoteNotice,
): { subject: string; text: string; html: string } => ({
  subject: `Credit note ${notice.number} for invoice ${notice.invoiceNumber} – ${notice.sellerName}`,
  text: textOf(notice),
  html: `<!doctype html>${(<CreditNoteMailBody {...notice} />).toString()}`,
})

const textOf = (notice: CreditNoteNotice): string => `${introduction(notice)}

${notice.lines.map(({ description, period, amount }) => `${description}, ${period}: ${amount}`).join('\n')}

${consequence(notice)}

See the invoice:
${notice.hostedUrl}

${notice.sellerName}
`

const CreditNoteMailBody = (notice: CreditNoteNotice) => (
  <html lang="en">
    <body>
      <p>{introduction(notice)}</p>
      <ul>
        {notice.lines.map(({ description, period, amount }) => (
          <li>
            {description}, {period}: {amount}
          </li>
        ))}
      </ul>
      <p>{consequence(notice)}</p>
      <p>
        <a href={notice.hostedUrl}>See the invoice</a>
      </p>
      <p>{notice.sellerName}</p>
    </body>
  </html>
)

const introduction = ({ invoiceNumber, total, number, reason }: CreditNoteNotice): string =>
  `We credited ${total} of invoice ${invoiceNumber} (credit note ${number}). Reason: ${reason}`

const consequence = ({ credit, left }: CreditNoteNotice): string =>
  [
    credit === null ? '' : `${credit} of it was paid already and is kept as your credit.`,
    left === null ? 'Nothing of the invoice is left to pay.' : `${left} of the invoice is still open.`,
  ]
    .filter((sentence) => sentence !== '')
    .join(' ')
