import type { BankAccount } from '../../customers/customer.ts'
import { invalid, notFound } from '../../kernel/problem.ts'
import { bareAccount } from './statement-value.ts'

type Owner = { ref: string; bankAccounts: readonly BankAccount[] }

/**
 * Whose statement it is: of the legal entity that was named, of the one that the account belongs to, or of the only
 * one there is. Money booked to the wrong entity would settle nothing, so a contradiction is refused.
 */
export function ownerOf<T extends Owner>(
  entities: readonly T[],
  accounts: readonly string[],
  entityRef: string | undefined,
): T {
  const owners = entities.filter(({ bankAccounts }) =>
    bankAccounts.some(({ iban, account_number }) =>
      [iban, account_number].some((number) => number && accounts.includes(bareAccount(number))),
    ),
  )
  const named = entities.find(({ ref }) => ref === entityRef)
  if (entityRef !== undefined && !named) throw notFound('legal entity', entityRef)
  if (named && owners.some((owner) => owner !== named)) {
    throw invalid(
      'account_of_another_entity',
      `The statement is of an account of "${owners.map(({ ref }) => ref).join('", "')}", not of "${named.ref}".`,
    )
  }
  const [only, another] = named ? [named] : owners.length > 0 ? owners : entities
  if (only && !another) return only
  throw invalid(
    'entity_ref_needed',
    'The statement does not tell whose account it is of. Name the legal entity: ?entity_ref=',
    [
      {
        path: 'entity_ref',
        message: `is needed where ${owners.length || entities.length} legal entities come into question`,
      },
    ],
  )
}
