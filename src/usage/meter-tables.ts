/**
 * The tables inside a meter. Quantities are decimal text and instants integers; STRICT keeps a JavaScript number,
 * which is always bound as a REAL, from being stored as one.
 */
export const METER_TABLES = `
  CREATE TABLE IF NOT EXISTS event_keys (
    event_id TEXT PRIMARY KEY,
    content_hash TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE IF NOT EXISTS raw_events (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    event_id TEXT NOT NULL,
    product_ref TEXT NOT NULL,
    occurred_at INTEGER NOT NULL,
    quantity TEXT NOT NULL,
    body TEXT NOT NULL,
    received_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS raw_events_time ON raw_events (occurred_at);

  CREATE TABLE IF NOT EXISTS bucket_totals (
    product_ref TEXT NOT NULL,
    bucket INTEGER NOT NULL,
    quantity TEXT NOT NULL,
    events INTEGER NOT NULL,
    PRIMARY KEY (product_ref, bucket)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE IF NOT EXISTS calendar (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    content TEXT NOT NULL
  ) STRICT;

  CREATE TABLE IF NOT EXISTS seals (
    contract_ref TEXT NOT NULL,
    cycle_no INTEGER NOT NULL,
    PRIMARY KEY (contract_ref, cycle_no)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE IF NOT EXISTS sealed_usage (
    contract_ref TEXT NOT NULL,
    sealed_in INTEGER NOT NULL,
    cycle_no INTEGER NOT NULL,
    product_ref TEXT NOT NULL,
    start_at INTEGER NOT NULL,
    end_at INTEGER NOT NULL,
    scope TEXT NOT NULL,
    total TEXT NOT NULL,
    PRIMARY KEY (contract_ref, sealed_in, cycle_no, product_ref)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS sealed_usage_period ON sealed_usage (product_ref, start_at);

  CREATE TABLE IF NOT EXISTS late_usage (
    contract_ref TEXT NOT NULL,
    cycle_no INTEGER NOT NULL,
    product_ref TEXT NOT NULL,
    PRIMARY KEY (contract_ref, cycle_no, product_ref)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE IF NOT EXISTS sightings (
    kind TEXT NOT NULL,
    ref TEXT NOT NULL,
    name TEXT NOT NULL,
    seen_at INTEGER NOT NULL,
    told INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (kind, ref)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE IF NOT EXISTS segments (
    sequence INTEGER PRIMARY KEY,
    first_seq INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    archived INTEGER NOT NULL DEFAULT 0
  ) STRICT;
`
