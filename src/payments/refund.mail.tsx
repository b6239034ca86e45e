import { shortMail } from '../delivery/short.mail.tsx'

/** What the customer is told of money that was paid back. */
export type RefundNotice = {
  sellerName: string
  /** For people: `$1,050.00`. */
  amount: string
  /** In words: `31 January 2026`. */
  receivedOn: string
  isCard: boolean
}

export const refundMail = ({ sellerName, amount, receivedOn, isCard }: RefundNotice) =>
  shortMail({
    sellerName,
    subject: `We refunded ${amount}`,
    sentence: `We refunded ${amount} of your payment of ${receivedOn}. ${
      isCard ? 'Your bank shows it on your card within a few days.' : 'It is on its way to you.'
    }`,
  })
