/** What the customer is told when the saved card could not be charged. */
export type FailedPayment = {
  sellerName: string
  invoiceNumber: string
  /** For people: `$1,050.00`. */
  amountDue: string
  /** True when the bank wants its customer to confirm; false when it refused. */
  needsConfirmation: boolean
  hostedUrl: string
}

export const failedPaymentSubject = ({
  sellerName,
  invoiceNumber,
  needsConfirmation,
}: FailedPayment): string =>
  needsConfirmation
    ? `Please confirm your payment of invoice ${invoiceNumber} to ${sellerName}`
    : `Your card was declined for invoice ${invoiceNumber} from ${sellerName}`

/** The bank's code is left out: it helps us, and tells a stranger who reads the mail too much. */
export const failedPaymentText = (failed: FailedPayment): string => `${reason(failed)}

${request(failed)}
${failed.hostedUrl}

${failed.sellerName}
`

export const FailedPaymentMail = (failed: FailedPayment) => (
  <html lang="en">
    <body>
      <p>{reason(failed)}</p>
      <p>{request(failed)}</p>
      <p>
        <a href={failed.hostedUrl}>{failed.needsConfirmation ? 'Confirm the payment' : 'Pay the invoice'}</a>
      </p>
      <p>{failed.sellerName}</p>
    </body>
  </html>
)

const reason = ({ amountDue, invoiceNumber, needsConfirmation }: FailedPayment): string =>
  needsConfirmation
    ? `Your bank asks you to confirm the payment of ${amountDue} for invoice ${invoiceNumber}.`
    : `We could not charge your saved card with ${amountDue} for invoice ${invoiceNumber}.`

const request = ({ needsConfirmation }: FailedPayment): string =>
  needsConfirmation
    ? 'Open the invoice, pay by card, and follow the steps of your bank:'
    : 'Open the invoice to pay with another card, or by any other method it offers:'
