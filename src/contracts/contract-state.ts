import type { Contract } from './contract.ts'

export const CONTRACT_STATES = ['draft', 'active', 'amended', 'renewed', 'cancelled', 'ended'] as const
export type ContractState = (typeof CONTRACT_STATES)[number]

/** What a contract in force has gone through, in one word; a renewal says more than an amendment. */
export function contractState({ status, version, signedVersion, terms }: Contract): ContractState {
  if (status !== 'active') return status
  if ((terms.renewals ?? 0) > 0) return 'renewed'
  return version > (signedVersion ?? 1) ? 'amended' : 'active'
}
