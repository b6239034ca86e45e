import { canonicalJson } from '../kernel/hash.ts'

/**
 * The fields that an edit changes. Only these are written, so that what others write to the same row meanwhile stays:
 * the card that a payment page saves, for one.
 */
export const changesOf = <Row extends { createdAt: number }>(before: Row, after: Row): Partial<Row> =>
  Object.fromEntries(
    Object.entries(after).filter(
      ([field, value]) =>
        field !== 'createdAt' && canonicalJson(value) !== canonicalJson(before[field as keyof Row]),
    ),
  ) as Partial<Row>
