import type { FC } from 'hono/jsx'
import { displayMoney } from '../kernel/money.ts'

/** An open invoice that the money of a payment could be for. */
export type OpenInvoice = { number: string; open: bigint; currency: string; customerName: string }

/** Applies what waits of a payment to an invoice, as much as it takes. */
export const ApplyForm: FC<{ paymentId: string; invoices: readonly OpenInvoice[] }> = ({
  paymentId,
  invoices,
}) => (
  <form class="stack" method="post" action={`/console/payments/${paymentId}/apply`}>
    <label for="invoice_ref">Number of the invoice</label>
    <input
      id="invoice_ref"
      name="invoice_ref"
      list="open-invoices"
      maxlength={255}
      autocomplete="off"
      required
    />
    <datalist id="open-invoices">
      {invoices.map(({ number, open, currency, customerName }) => (
        <option value={number}>
          {customerName}: {displayMoney(open, currency)} open
        </option>
      ))}
    </datalist>
    <label for="reason">Reason</label>
    <input id="reason" name="reason" maxlength={500} required />
    <p class="hint">It takes as much as is open; what is left waits on.</p>
    <button type="submit" class="button">
      Apply
    </button>
  </form>
)
