import type { FC } from 'hono/jsx'
import { displayMoney } from '../kernel/money.ts'
import type { HostedInvoice } from './hosted-invoice.ts'
import { Method } from './method.tsx'
import { Crypto, type TokenOption } from './pay-crypto.tsx'
import { type AccountOption, Wire } from './pay-wire.tsx'

/** What the seller has set up of the methods that the invoice allows. */
export type PayOptions = {
  card: boolean
  accounts: AccountOption[]
  requests: TokenOption[]
}

/** The ways to pay, card first; the first is open. They work without script but for the wallet buttons. */
export const Pay: FC<{ hosted: HostedInvoice; options: PayOptions; path: string }> = ({
  hosted,
  options,
  path,
}) => {
  if (hosted.toPay === 0n) return null
  const { card, accounts, requests } = options
  if (!card && accounts.length === 0 && requests.length === 0) return <NoMethod hosted={hosted} />
  return (
    <section class="pay" aria-labelledby="pay">
      <h2 id="pay">Pay this invoice</h2>
      {card && <Card hosted={hosted} path={path} />}
      {accounts.length > 0 && <Wire hosted={hosted} accounts={accounts} open={!card} />}
      {requests.length > 0 && <Crypto requests={requests} open={!card && accounts.length === 0} />}
    </section>
  )
}

const Card: FC<{ hosted: HostedInvoice; path: string }> = ({ hosted: { invoice, toPay }, path }) => (
  <Method name="Card" open icon={<path d="M2.5 5h15v10.5h-15zM2.5 8.5h15M5 12.5h3" />}>
    <form method="post" action={`${path}/card`}>
      <button type="submit" class="button primary wide">
        Pay {displayMoney(toPay, invoice.currency)} by card
      </button>
    </form>
    <p class="hint">You enter the card on a page of Stripe; its number never reaches us.</p>
  </Method>
)

const NoMethod: FC<{ hosted: HostedInvoice }> = ({ hosted: { invoice } }) => (
  <section class="pay" aria-labelledby="pay">
    <h2 id="pay">Pay this invoice</h2>
    <p class="panel">
      Ask {invoice.parties.seller.name} how to pay, and give the reference{' '}
      <strong>{invoice.paymentReference}</strong>.
    </p>
  </section>
)
