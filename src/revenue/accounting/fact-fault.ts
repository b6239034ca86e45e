import { invalid, type Problem } from '../../kernel/problem.ts'

/** A fact that cannot be taken, and which of its fields says so. */
export const factFault = (code: string, path: string, message: string): Problem =>
  invalid(code, `${path}: ${message}.`, [{ path, message }])

/** The product that a fact names, where its fees follow the contract's plan. Throws `product_not_covered`. */
export function covered({ product_ref: ref }: { product_ref: string }, covers: readonly string[]): string {
  if (covers.includes(ref)) return ref
  throw factFault('product_not_covered', 'product_ref', 'must be a product of the contract with a fee')
}
