import type { FactBody } from './facts.ts'

/** Of opinions the latest holds; all else is so once and for all, under a name. */
export const isOpinion = ({ kind }: FactBody): boolean => OPINIONS.includes(kind)
const OPINIONS: readonly FactBody['kind'][] = [
  'estimate',
  'treatment',
  'criteria',
  'combination',
  'usage_policy',
]
/** What has happened: it is no promise for a time to come. */
export const isEvent = ({ kind }: FactBody): boolean => EVENTS.includes(kind)
const EVENTS: readonly FactBody['kind'][] = ['delivery', 'credit', 'exercise', 'non_refundable']

/** The name under which a fact is so once, or until it is stated again. */
export function subjectOf(body: FactBody): string {
  switch (body.kind) {
    case 'delivery':
      return body.delivery_ref
    case 'credit':
      return body.credit_ref
    case 'non_refundable':
      return `${body.key}/${body.event}`
    case 'estimate':
    case 'payable':
    case 'material_right':
    case 'exercise':
      return body.key
    case 'treatment':
      return String(body.version)
    case 'criteria':
      return body.framework ?? ''
    case 'usage_policy':
      return body.product_ref
    case 'combination':
      return ''
  }
}
