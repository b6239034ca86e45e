import type { Child, FC, PropsWithChildren } from 'hono/jsx'
import type { BankAccount } from '../customers/customer.ts'
import { displayMoney, formatMoney } from '../kernel/money.ts'
import type { PaymentRequest } from '../payments/crypto/payment-request.ts'
import { Copyable, Facts } from '../web/facts.tsx'
import { QrCode } from '../web/qr.tsx'
import type { HostedInvoice } from './hosted-invoice.ts'
import type { WalletRequest } from './wallet-request.ts'

/** What the seller has set up of the methods that the invoice allows. */
export type PayOptions = {
  card: boolean
  accounts: { account: BankAccount; epc: string | undefined }[]
  requests: { request: PaymentRequest; wallet: WalletRequest }[]
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

const Method: FC<PropsWithChildren<{ name: string; icon: Child; open: boolean }>> = ({
  name,
  icon,
  open,
  children,
}) => (
  <details name="method" open={open}>
    <summary>
      <svg viewBox="0 0 20 20" aria-hidden="true">
        {icon}
      </svg>
      {name}
    </summary>
    <div class="method">{children}</div>
  </details>
)

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

type WireProps = { hosted: HostedInvoice; accounts: PayOptions['accounts']; open: boolean }

const Wire: FC<WireProps> = ({ hosted: { invoice, toPay }, accounts, open }) => (
  <Method
    name="Bank transfer"
    open={open}
    icon={<path d="M3 8 10 3.5 17 8zM5 8v6M8.3 8v6M11.7 8v6M15 8v6M3 16.5h14" />}
  >
    {accounts.map(({ account, epc }) => (
      <>
        <Facts items={accountFacts(account)} />
        {epc && (
          <figure>
            <QrCode data={epc} label="SEPA transfer code" />
            <figcaption>Scan with your banking app: it fills in the transfer.</figcaption>
          </figure>
        )}
      </>
    ))}
    <Facts
      items={[
        [
          'Payment reference',
          <Copyable
            value={inFours(invoice.paymentReference)}
            copy={invoice.paymentReference}
            what="payment reference"
          />,
        ],
        [
          'Amount',
          <Copyable
            value={displayMoney(toPay, invoice.currency)}
            copy={formatMoney(toPay, invoice.currency)}
            what="amount"
          />,
        ],
      ]}
    />
    <p class="hint">Give the reference with your transfer, so that it is matched to this invoice at once.</p>
  </Method>
)

const accountFacts = (account: BankAccount): [string, Child][] => [
  ['Beneficiary', account.beneficiary],
  ['IBAN', account.iban && <Copyable value={inFours(account.iban)} copy={account.iban} what="IBAN" />],
  [
    'Account number',
    account.account_number && <Copyable value={account.account_number} what="account number" />,
  ],
  [
    'Routing number',
    account.routing_number && <Copyable value={account.routing_number} what="routing number" />,
  ],
  ['BIC', account.bic && <Copyable value={account.bic} what="BIC" />],
  ['Bank', account.bank_name],
]

/** `RF18 5390 0754 …`, as banks print it. */
const inFours = (text: string): string => text.replace(/(.{4})(?=.)/g, '$1 ')

const Crypto: FC<{ requests: PayOptions['requests']; open: boolean }> = ({ requests, open }) => (
  <Method
    name="Crypto"
    open={open}
    icon={<path d="M10 2.5 16.5 6.2v7.6L10 17.5l-6.5-3.7V6.2zM3.5 6.2 10 10l6.5-3.8M10 10v7.5" />}
  >
    {requests.map((each) => (
      <TokenPayment {...each} single={requests.length === 1} />
    ))}
    <p class="hint">
      The address is for this invoice alone. Send on the named network only. What you send counts when its
      block is final; if it is less, the rest stays due, and if it is more, you have credit.
    </p>
  </Method>
)

type TokenPaymentProps = PayOptions['requests'][number] & { single: boolean }

const TokenPayment: FC<TokenPaymentProps> = ({ request, wallet, single }) => (
  <details class="request" open={single}>
    <summary>
      {request.token.symbol} on {request.chainName}
    </summary>
    <div class="wallets" data-wallet-request={JSON.stringify(wallet)} />
    <Facts
      items={[
        ['Network', `${request.chainName} (chain ${request.chainId})`],
        [
          'Amount',
          <Copyable
            value={`${request.amount} ${request.token.symbol}`}
            copy={request.amount}
            what="amount"
          />,
        ],
        ['Address', <Copyable value={request.address} what="address" />],
        ['Token contract', <code>{request.token.address}</code>],
      ]}
    />
    <figure>
      <QrCode
        data={request.eip681}
        label={`${request.amount} ${request.token.symbol} to ${request.address}`}
        ecc="L"
      />
      <figcaption>Scan with a wallet (EIP-681). Check network, token and amount before you send.</figcaption>
    </figure>
  </details>
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
