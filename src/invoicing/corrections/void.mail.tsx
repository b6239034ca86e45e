import { shortMail } from '../../delivery/short.mail.tsx'

/** What the customer is told of an invoice that was taken back. */
export type VoidNotice = {
  sellerName: string
  invoiceNumber: string
  /** For people: `$1,050.00`. */
  total: string
}

export const voidMail = ({ sellerName, invoiceNumber, total }: VoidNotice) =>
  shortMail({
    sellerName,
    subject: `Invoice ${invoiceNumber} is void`,
    sentence: `Invoice ${invoiceNumber} of ${total} is void. Please do not pay it.`,
  })
