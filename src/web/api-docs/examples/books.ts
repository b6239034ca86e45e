const REASON = { reason: 'Agreed with the customer on 3 March' }

/** Money, revenue and the books. */
export const BOOKS_EXAMPLES = {
  'POST /api/import': {
    products: [
      {
        product_ref: 'setup',
        name: 'Setup',
        kind: 'one_time',
        revenue: { recognition: 'milestone', milestones: [{ name: 'Installed' }, { name: 'Accepted' }] },
      },
    ],
    contracts: [
      {
        contract_ref: 'globex-setup',
        customer_ref: 'globex',
        start_date: '2026-02-01',
        products: [{ product_ref: 'setup', model: { type: 'flat', amount: '5000.00' } }],
      },
    ],
    open_invoices: [
      {
        number: 'OLD-2025-118',
        customer_ref: 'globex',
        issue_date: '2025-12-01',
        due_date: '2025-12-31',
        currency: 'EUR',
        amount: '1190.00',
        paid: '190.00',
      },
    ],
  },
  'POST /api/invoices/{invoice_ref}/credit_notes': { reason: 'Outage of 12 January', cause: 'service_level' },
  'POST /api/invoices/{invoice_ref}/void': { reason: 'Sent to the wrong company' },
  'POST /api/invoices/{invoice_ref}/write_off': { reason: 'Insolvency' },
  'POST /api/invoices/reconcile': {
    invoice_ref: 'OLD-2025-118',
    amount: '1000.00',
    currency: 'EUR',
    received_on: '2026-01-05',
    reference: 'Cheque 4711',
    external_id: 'cheque-4711',
  },
  'POST /api/payments/{payment_id}/refund': { amount: '10.00', ...REASON },
  'POST /api/payments/{payment_id}/return': { returned_on: '2026-03-05', reason: 'Direct debit returned' },
  'POST /api/payments/{payment_id}/allocations': {
    invoice_ref: 'INV000018',
    reason: 'The payer named it by phone',
  },
  'POST /api/allocations/{allocation_id}/undo': { reason: 'It was for another invoice' },
  'POST /api/revenue/ssp': {
    entity_ref: 'acme-inc',
    effective_date: '2026-01-01',
    approved_by: 'Ada Lovelace',
    entries: [
      {
        product_ref: 'api-calls',
        currency: 'EUR',
        per: 'once',
        price: { amount: '0.0004' },
        method: 'observed',
        evidence: 'Contracts of 2025',
      },
    ],
  },
  'POST /api/revenue/deliveries': {
    contract_ref: 'globex-setup',
    date: '2026-02-10',
    product_ref: 'setup',
    milestone: 'Installed',
  },
  'POST /api/revenue/contracts/{contract_ref}/facts': {
    kind: 'delivery',
    effective_date: '2026-03-02',
    product_ref: 'setup',
    milestone: 'Accepted',
    reason: 'Acceptance signed on 2 March',
  },
  'POST /api/ledger/accounts': {
    entity_ref: 'acme-inc',
    accounts: [{ account: 'revenue', number: '4000', name: 'Sales', dimensions: { Class: 'Services' } }],
  },
  'POST /api/fx-rates': { rates: [{ base: 'EUR', quote: 'USD', date: '2026-01-05', rate: '1.0853' }] },
  'POST /api/accounting-periods/{month}/lock': { reason: 'Month end' },
  'POST /api/accounting-periods/{month}/unlock': { reason: 'A late invoice' },
  'POST /api/accounting-periods/{month}/close-entries': {},
  'POST /api/sandbox/clock': { advance_to: '2026-12-02T00:00:00Z' },
}
