type ShortMail = { sellerName: string; subject: string; sentence: string }

/** A mail that says one thing, signed by the seller: HTML, and the same in plain text. */
export const shortMail = (mail: ShortMail): { subject: string; text: string; html: string } => ({
  subject: `${mail.subject} – ${mail.sellerName}`,
  text: `${mail.sentence}\n\n${mail.sellerName}\n`,
  html: `<!doctype html>${(<ShortMailBody {...mail} />).toString()}`,
})

const ShortMailBody = ({ sentence, sellerName }: ShortMail) => (
  <html lang="en">
    <body>
      <p>{sentence}</p>
      <p>{sellerName}</p>
    </body>
  </html>
)
