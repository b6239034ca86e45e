import { z } from '@hono/zod-openapi'
import { billingDateField } from '../terms/billing-cycle.http.ts'

const TRIAL_DAYS_MAX = 3660

/** How long nothing is paid. */
export const trialFields = {
  trial_days: z
    .int()
    .min(1)
    .max(TRIAL_DAYS_MAX)
    .optional()
    .openapi({ description: 'Free days from the first on; they belong to their billing cycles.' }),
  trial_end_date: billingDateField
    .optional()
    .openapi({ description: 'In place of trial_days: the first day that is paid for.' }),
}

type SentTrial = { trial_days?: unknown; trial_end_date?: unknown }

export const triedOnce = (sent: SentTrial): boolean =>
  sent.trial_days === undefined || sent.trial_end_date === undefined

export const TRIED_TWICE = { path: ['trial_days'], message: 'send trial_days or trial_end_date, not both' }
