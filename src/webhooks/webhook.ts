import type { Instant } from '../kernel/calendar.ts'
import type { AnnouncedType } from './event-type.ts'
import type { SecretSeed } from './secret.ts'

/** A person paused it, its receiver answered 410, or nothing got through to it for days. */
export type PauseReason = 'operator' | 'gone' | 'failing'

/** What whoever sets a webhook up decides. */
export type WebhookOrder = {
  url: string
  /** Null: of all types. */
  events: AnnouncedType[] | null
  description: string | null
}

/** An address that is told what happens. */
export type Webhook = WebhookOrder & {
  ref: string
  state: 'active' | 'paused'
  pausedBy: PauseReason | null
  seeds: SecretSeed[]
  failingSince: Instant | null
  restsUntil: Instant | null
  createdAt: Instant
}

/** Whether a webhook asked for events of a type. */
export const wants = ({ events }: Pick<Webhook, 'events'>, type: AnnouncedType): boolean =>
  events === null || events.includes(type)
