import type { FC } from 'hono/jsx'
import type { PaymentRequest } from '../payments/crypto/payment-request.ts'
import { Copyable, Facts } from '../web/facts.tsx'
import { QrCode } from '../web/qr.tsx'
import { Method } from './method.tsx'
import type { WalletRequest } from './wallet-request.ts'

/** A token on a chain, with what a wallet of the browser is asked to send. */
export type TokenOption = { request: PaymentRequest; wallet: WalletRequest }

export const Crypto: FC<{ requests: TokenOption[]; open: boolean }> = ({ requests, open }) => (
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

type TokenPaymentProps = TokenOption & { single: boolean }

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
        [
          'Address',
          <Copyable value={<code>{request.address}</code>} copy={request.address} what="address" />,
        ],
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
