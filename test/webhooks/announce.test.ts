import { describe, expect, it } from 'vitest'
import { announcementOf, type Happening } from '../../src/webhooks/announce.ts'
import type { Webhook } from '../../src/webhooks/webhook.ts'

const NOW = Date.UTC(2026, 0, 10)
const webhook = (ref: string, fields: Partial<Webhook> = {}): Webhook => ({
  ...{
    ref,
    url: 'https://hooks.example.com/',
    events: null,
    description: null,
    state: 'active',
    pausedBy: null,
  },
  ...{ seeds: [{ seed: 's', until: null }], failingSince: null, restsUntil: null, createdAt: 0 },
  ...fields,
})
/** As it is read: with its own id, which is not that of the message. */
const subject = { id: 'inv_1', entityRef: 'acme', data: { invoice_ref: 'inv_1' } }
const issued: Happening = { type: 'invoice.issued', sourceId: 'inv_1', at: NOW, subject }
const paid: Happening = { type: 'invoice.paid', sourceId: 'alc_1', at: NOW, subject }

describe('an announcement', () => {
  it('makes one message of each event, and a delivery to each webhook that asked for its type', () => {
    const webhooks = [webhook('all'), webhook('payments', { events: ['invoice.paid', 'payment.received'] })]
    const { events, deliveries, outbox } = announcementOf([issued, paid], webhooks, NOW)
    const typeOf = new Map(events.map(({ id, type }) => [id, type]))
    expect([...typeOf.values()]).toEqual(['invoice.issued', 'invoice.paid'])
    expect(deliveries.map(({ webhookRef, eventId }) => [webhookRef, typeOf.get(eventId)])).toEqual([
      ['all', 'invoice.issued'],
      ['all', 'invoice.paid'],
      ['payments', 'invoice.paid'],
    ])
    expect(outbox.map(({ id }) => id)).toEqual(deliveries.map(({ id }) => id))
  })

  it('has one id for a message, inside and outside', () => {
    const [event] = announcementOf([issued], [webhook('all')], NOW).events
    expect(JSON.parse(event?.body ?? '')).toMatchObject({ id: event?.id, data: { invoice_ref: 'inv_1' } })
    expect(event?.id).toMatch(/^evt_/)
  })

  it('makes the same rows when it is made again', () => {
    const webhooks = [webhook('all')]
    expect(announcementOf([issued], webhooks, NOW)).toEqual(announcementOf([issued], webhooks, NOW))
  })

  it('makes no message that nobody asked for', () => {
    const other = webhook('books', { events: ['period.locked'] })
    expect(announcementOf([issued], [other], NOW)).toEqual({ events: [], deliveries: [], outbox: [] })
  })

  it('lets the delivery to a paused webhook wait', () => {
    const { deliveries, outbox } = announcementOf([issued], [webhook('all', { state: 'paused' })], NOW)
    expect([deliveries.length, outbox.length]).toEqual([1, 0])
  })
})
