/** The value that a record has under a key from outside; undefined for `constructor` and the like, which it inherits. */
export const ownValue = <T>(record: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined
