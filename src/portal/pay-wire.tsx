import type { Child, FC } from 'hono/jsx'
import type { BankAccount } from '../customers/customer.ts'
import { displayMoney, formatMoney } from '../kernel/money.ts'
import { Copyable, Facts } from '../web/facts.tsx'
import { QrCode } from '../web/qr.tsx'
import type { HostedInvoice } from './hosted-invoice.ts'
import { Method } from './method.tsx'

/** An account in the invoice's currency, with the text of its SEPA transfer code where there can be one. */
export type AccountOption = { account: BankAccount; epc: string | undefined }

type WireProps = { hosted: HostedInvoice; accounts: AccountOption[]; open: boolean }

export const Wire: FC<WireProps> = ({ hosted: { invoice, toPay }, accounts, open }) => (
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
  copyable('IBAN', account.iban, inFours),
  copyable('Account number', account.account_number),
  copyable('Routing number', account.routing_number),
  copyable('BIC', account.bic),
  ['Bank', account.bank_name],
]

const copyable = (
  what: string,
  text: string | undefined,
  show = (value: string) => value,
): [string, Child] => [what, text && <Copyable value={show(text)} copy={text} what={what} />]

/** `RF18 5390 0754 …`, as banks print it. */
const inFours = (text: string): string => text.replace(/(.{4})(?=.)/g, '$1 ')
