/** A meter's SQL that counts the rows written through it: they are what the platform charges for. */
export class CountedSql {
  readonly #sql: SqlStorage
  rowsWritten = 0

  constructor(sql: SqlStorage) {
    this.#sql = sql
  }

  exec<Row extends Record<string, SqlStorageValue>>(
    query: string,
    ...bindings: SqlStorageValue[]
  ): SqlStorageCursor<Row> {
    const cursor = this.#sql.exec<Row>(query, ...bindings)
    this.rowsWritten += cursor.rowsWritten
    return cursor
  }

  get databaseSize(): number {
    return this.#sql.databaseSize
  }
}
