import { z } from '@hono/zod-openapi'
import { getAddress } from 'viem/utils'
import { instantOut } from '../../http/fields.http.ts'
import { toIso } from '../../kernel/calendar.ts'
import { formatDecimal, rational } from '../../kernel/rational.ts'
import type { Deposit } from './deposit.ts'
import type { PaymentRequest } from './payment-request.ts'
import { type ChainTransfer, TRANSFER_STATES } from './transfer.ts'

export const transferSchema = z
  .object({
    transfer_id: z.string(),
    invoice_ref: z.string(),
    chain_id: z.int(),
    tx_hash: z.string(),
    ordinal: z
      .int()
      .openapi({ description: 'Place among the transfers of the transaction that pay invoices.' }),
    token: z.string().openapi({ example: 'USDC' }),
    token_address: z.string(),
    amount: z.string().openapi({ description: 'Tokens, exactly as sent.', example: '1050.25' }),
    sender: z.string(),
    recipient: z.string(),
    block_number: z.int(),
    state: z.enum(TRANSFER_STATES).openapi({
      description: 'Booked as a payment when final; orphaned when its block was replaced by one without it.',
    }),
    payment_id: z.string().nullable(),
    seen_at: instantOut,
  })
  .openapi('ChainTransfer')

export const showTransfer = (transfer: ChainTransfer): z.infer<typeof transferSchema> => ({
  transfer_id: transfer.id,
  invoice_ref: transfer.invoiceId,
  chain_id: transfer.chainId,
  tx_hash: transfer.txHash,
  ordinal: transfer.ordinal,
  token: transfer.symbol,
  token_address: transfer.token,
  amount: formatDecimal(rational(BigInt(transfer.units), 10n ** BigInt(transfer.decimals))),
  sender: transfer.sender,
  recipient: transfer.recipient,
  block_number: transfer.blockNumber,
  state: transfer.state,
  payment_id: transfer.paymentId,
  seen_at: toIso(transfer.seenAt),
})

export const depositSchema = z
  .object({
    invoice_ref: z.string(),
    address: z.string().openapi({ description: 'With its EIP-55 checksum.' }),
    crypto: z.array(
      z.object({
        chain_id: z.int(),
        chain_name: z.string(),
        token: z.string().openapi({ example: 'USDC' }),
        token_address: z.string(),
        address: z.string(),
        amount: z.string().openapi({ description: 'Tokens that pay what is due.', example: '1050.25' }),
        units: z.string().openapi({ description: 'The same in base units of the token.' }),
        eip681: z.string(),
        calldata: z.string(),
      }),
    ),
  })
  .openapi('DepositAddress')

export const showDeposit = (
  deposit: Deposit,
  requests: readonly PaymentRequest[],
): z.infer<typeof depositSchema> => ({
  invoice_ref: deposit.invoiceId,
  address: getAddress(deposit.address),
  crypto: requests.map((request) => ({
    chain_id: request.chainId,
    chain_name: request.chainName,
    token: request.token.symbol,
    token_address: request.token.address,
    address: request.address,
    amount: request.amount,
    units: request.units,
    eip681: request.eip681,
    calldata: request.calldata,
  })),
})
