import { decimal } from '../../kernel/rational.ts'
import type { DealChange, Reestimate } from '../deal/changes.ts'
import type { Amendment, ChangedPromise } from '../modification/amendment.ts'
import type { Constraint, Estimate, VariableAmount } from '../transaction-price/variable-consideration.ts'
import type { Amounts } from './amounts.http.ts'
import type { ModificationBody, VariableBody } from './deal.http.ts'
import type { ChangedBody } from './obligation.http.ts'
import { fault, readMeasure } from './read-measure.http.ts'
import { readAdded } from './read-obligation.http.ts'

type AmendmentBody = Exclude<ModificationBody, { variable: VariableBody }>
type ReestimateBody = Extract<ModificationBody, { variable: VariableBody }>

/** Reads a modification of the contract, or a later estimate of a variable amount. */
export const readChange = (body: ModificationBody, amounts: Amounts, path: string): DealChange =>
  'variable' in body
    ? { estimate: readReestimate(body, amounts, path) }
    : { amendment: readAmendment(body, amounts, path) }

const readReestimate = (body: ReestimateBody, amounts: Amounts, path: string): Reestimate => ({
  date: body.effective_date,
  variable: readVariable(body.variable, amounts, `${path}.variable`),
  sinceModification: body.promised === 'modification',
})

const readAmendment = (body: AmendmentBody, amounts: Amounts, path: string): Amendment => ({
  date: body.effective_date,
  priceChange: amounts.minor(body.price_change, `${path}.price_change`),
  adds: body.add.map((own, place) => readAdded(own, amounts, `${path}.add.${place}`)),
  changes: body.change.map((own, place) => readChanged(own, amounts, `${path}.change.${place}`)),
  removes: body.remove,
  credits: body.credits.map(({ key, amount }, place) => ({
    keys: [key],
    amount: amounts.minor(amount, `${path}.credits.${place}.amount`),
    of: 'given',
  })),
  ...readOverride(body, path),
})

/** A judgement in place of the rules is taken only with its reason. */
function readOverride({ treatment, reason }: AmendmentBody, path: string): Pick<Amendment, 'override'> {
  if (treatment === undefined) return {}
  if (reason === undefined) throw fault(`${path}.reason`, 'is needed to set the treatment by judgement')
  return { override: { treatment, reason } }
}

function readChanged(own: ChangedBody, amounts: Amounts, path: string): ChangedPromise {
  const { key, recognition, remaining_ssp: remaining } = own
  return {
    key,
    ...(recognition === undefined ? {} : { measure: readMeasure({ ...own, recognition }, path) }),
    ...(remaining === undefined ? {} : { remainingSsp: amounts.exact(remaining) }),
  }
}

/** Reads variable consideration: the estimate that its method needs, and the constraint. */
export function readVariable(body: VariableBody, amounts: Amounts, path: string): VariableAmount {
  return {
    key: body.key,
    estimate: readEstimate(body, amounts, path),
    ...(body.constraint === undefined ? {} : { constraint: readConstraint(body.constraint, amounts) }),
    ...(body.target === undefined ? {} : { target: body.target }),
  }
}

function readEstimate({ method, amount, outcomes }: VariableBody, amounts: Amounts, path: string): Estimate {
  if (method === 'amount') {
    if (amount === undefined) throw fault(`${path}.amount`, 'is needed, or a method with outcomes')
    return { method, amount: amounts.exact(amount) }
  }
  if (outcomes.length === 0) throw fault(`${path}.outcomes`, `are needed for the method ${method}`)
  return {
    method,
    outcomes: outcomes.map((own) => ({
      amount: amounts.exact(own.amount),
      probability: decimal(own.probability),
    })),
  }
}

const readConstraint = (
  { most, confidence }: NonNullable<VariableBody['constraint']>,
  amounts: Amounts,
): Constraint =>
  most === undefined
    ? confidence === undefined
      ? {}
      : { confidence: decimal(confidence) }
    : { most: amounts.exact(most) }
