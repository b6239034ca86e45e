import { describe, expect, it } from 'vitest'
import type { Invoice } from '../../src/invoicing/invoice.ts'
import { NOTHING_SETTLED } from '../../src/invoicing/settlement.ts'
import type { ChainProgress, ChainTransfer } from '../../src/payments/crypto/transfer.ts'
import { hostedInvoice, type InvoiceFacts } from '../../src/portal/hosted-invoice.ts'

const invoice = { total: 10_000n, dueDate: '2026-01-31', currency: 'USD' } as Invoice
const facts = (more: Partial<InvoiceFacts> = {}): InvoiceFacts => ({
  invoice,
  allocated: 0n,
  settlement: NOTHING_SETTLED,
  payments: [],
  transfers: [],
  cardAttempts: [],
  ...more,
})
/** 40.00 USD in a token of 6 decimals, in block 100 of a chain read to 109 and final to 98. */
const transfer = {
  units: '40000000',
  decimals: 6,
  currency: 'USD',
  state: 'seen',
  blockNumber: 100,
  latestBlock: 109,
  finalizedBlock: 98,
} as ChainTransfer & ChainProgress
const hosted = (more: Partial<InvoiceFacts>, cardSent = false) =>
  hostedInvoice(facts(more), '2026-02-02', cardSent)

describe('a hosted invoice', () => {
  it('asks for what is due', () => {
    expect(hosted({ allocated: 2_500n })).toMatchObject({
      standing: 'overdue',
      amountDue: 7_500n,
      toPay: 7_500n,
    })
  })

  it('does not ask again for money that was seen on a chain', () => {
    const { underWay, ...rest } = hosted({ transfers: [transfer] })
    expect(rest).toMatchObject({ standing: 'processing', amountDue: 10_000n, toPay: 6_000n })
    // Block 100 has 10 blocks up to 109; 99 and 100 are not final yet.
    expect(underWay).toMatchObject([{ value: 4_000n, confirmations: 10, blocksToFinal: 2 }])
  })

  it('asks for it again when the chain has dropped the transfer', () => {
    const orphaned = { ...transfer, state: 'orphaned' as const }
    expect(hosted({ transfers: [orphaned] })).toMatchObject({
      standing: 'overdue',
      toPay: 10_000n,
      underWay: [],
    })
  })

  it('never asks for less than nothing', () => {
    const twice = { ...transfer, units: '200000000' }
    expect(hosted({ transfers: [twice] }).toPay).toBe(0n)
  })

  it('asks for nothing while a card payment is under way', () => {
    const attempt = (outcome: string) => ({ cardAttempts: [{ outcome, attemptedAt: 0 }] })
    expect(hosted({}, true)).toMatchObject({ standing: 'processing', toPay: 0n })
    expect(hosted(attempt('pending'))).toMatchObject({ standing: 'processing', toPay: 0n })
    expect(hosted(attempt('declined'))).toMatchObject({ standing: 'overdue', toPay: 10_000n })
  })

  it('has a new version when anything has happened, and else the same', () => {
    const { version } = hosted({})
    expect(hosted({}).version).toBe(version)
    expect(hosted({ allocated: 1n }).version).not.toBe(version)
    expect(hosted({ transfers: [transfer] }).version).not.toBe(version)
  })

  it('has a version where a card was charged, whose row in the database holds an amount', () => {
    const charged = (outcome: string) => ({ outcome, attemptedAt: 0, amount: 10_000n })
    const { version } = hosted({ cardAttempts: [charged('pending')] })
    expect(hosted({ cardAttempts: [charged('succeeded')] }).version).not.toBe(version)
  })
})
