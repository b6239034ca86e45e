/** Last of all, and paused at the end, so that the other examples are not sent to the address of an example. */
export const WEBHOOK_EXAMPLES = {
  'POST /api/webhooks': {
    webhook_ref: 'erp',
    url: 'https://erp.example.com/hooks/accrue',
    events: ['invoice.issued', 'invoice.paid', 'payment.unmatched'],
    description: 'Orders are released when they are paid',
  },
  'POST /api/webhooks/edit/{webhook_ref}': { state: 'paused' },
  'POST /api/webhooks/{webhook_ref}/rotate': { former_valid_hours: 48 },
}
