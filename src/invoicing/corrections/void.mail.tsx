export type VoidNotice = {
  sellerName: string
  invoiceNumber: string
  /** For people: `$1,050.00`. */
  total: string
}

export const voidMail = (notice: VoidNotice): { subject: string; text: string; html: string } => ({
  subject: `Invoice ${notice.invoiceNumber} is void – ${notice.sellerName}`,
  text: `${sentence(notice)}\n\n${notice.sellerName}\n`,
  html: `<!doctype html>${(<VoidMailBody {...notice} />).toString()}`,
})

const VoidMailBody = (notice: VoidNotice) => (
  <html lang="en">
    <body>
      <p>{sentence(notice)}</p>
      <p>{notice.sellerName}</p>
    </body>
  </html>
)

const sentence = ({ invoiceNumber, total }: VoidNotice): string =>
  `Invoice ${invoiceNumber} of ${total} is void. Please do not pay it.`
