export type RefundNotice = {
  sellerName: string
  /** For people: `$1,050.00`. */
  amount: string
  /** In words: `31 January 2026`. */
  receivedOn: string
  isCard: boolean
}

export const refundMail = (notice: RefundNotice): { subject: string; text: string; html: string } => ({
  subject: `We refunded ${notice.amount} – ${notice.sellerName}`,
  text: `${sentence(notice)}\n\n${notice.sellerName}\n`,
  html: `<!doctype html>${(<RefundMailBody {...notice} />).toString()}`,
})

const RefundMailBody = (notice: RefundNotice) => (
  <html lang="en">
    <body>
      <p>{sentence(notice)}</p>
      <p>{notice.sellerName}</p>
    </body>
  </html>
)

const sentence = ({ amount, receivedOn, isCard }: RefundNotice): string =>
  `We refunded ${amount} of your payment of ${receivedOn}. ${
    isCard ? 'Your bank shows it on your card within a few days.' : 'It is on its way to you.'
  }`
