/**
 * The tables inside a meter. What comes in is first a row of the log, and nothing else; ids and totals of the rows
 * after `progress.saved_to` are in memory, made again from the log when the meter wakes, and are saved together now
 * and then. Quantities are decimal text and instants integers; STRICT keeps a JavaScript number, which is always
 * bound as a REAL, from being stored as one.
 */
export const METER_TABLES = `
  CREATE TABLE IF NOT EXISTS identity (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    name TEXT NOT NULL
  ) STRICT;

  CREATE TABLE IF NOT EXISTS log (
    first_number INTEGER PRIMARY KEY,
    last_number INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    ids BLOB NOT NULL,
    cells TEXT NOT NULL,
    lines TEXT NOT NULL
  ) STRICT;

  CREATE TABLE IF NOT EXISTS segments (
    first_number INTEGER PRIMARY KEY,
    last_number INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    archived INTEGER NOT NULL DEFAULT 0
  ) STRICT;

  CREATE TABLE IF NOT EXISTS progress (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    saved_to INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE IF NOT EXISTS recent_ids (
    id INTEGER PRIMARY KEY,
    ids BLOB NOT NULL
  ) STRICT;

  CREATE TABLE IF NOT EXISTS id_runs (
    run INTEGER PRIMARY KEY,
    level INTEGER NOT NULL,
    page_bits INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    filter BLOB NOT NULL
  ) STRICT;

  CREATE TABLE IF NOT EXISTS id_pages (
    id INTEGER PRIMARY KEY,
    ids BLOB NOT NULL
  ) STRICT;

  CREATE TABLE IF NOT EXISTS forgotten (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    before INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE IF NOT EXISTS cells (
    product_ref TEXT NOT NULL,
    bucket INTEGER NOT NULL,
    shard INTEGER NOT NULL,
    quantity TEXT NOT NULL,
    events INTEGER NOT NULL,
    changed_at_number INTEGER NOT NULL,
    PRIMARY KEY (product_ref, bucket, shard)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE IF NOT EXISTS metric_cells (
    product_ref TEXT NOT NULL,
    bucket INTEGER NOT NULL,
    series TEXT NOT NULL,
    grouping TEXT NOT NULL,
    part INTEGER NOT NULL,
    shard INTEGER NOT NULL,
    state TEXT NOT NULL,
    changed_at_number INTEGER NOT NULL,
    PRIMARY KEY (product_ref, bucket, series, grouping, part, shard)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE IF NOT EXISTS metrics (
    product_ref TEXT NOT NULL,
    series TEXT NOT NULL,
    metric TEXT NOT NULL,
    PRIMARY KEY (product_ref, series)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE IF NOT EXISTS shown_metrics (
    product_ref TEXT PRIMARY KEY,
    metric TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE IF NOT EXISTS revisions (
    number INTEGER PRIMARY KEY,
    revision INTEGER NOT NULL,
    product_ref TEXT NOT NULL,
    occurred_at INTEGER NOT NULL,
    line TEXT NOT NULL,
    voided INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE IF NOT EXISTS spread (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    history TEXT NOT NULL,
    automatic INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE IF NOT EXISTS inherited_filters (
    shard INTEGER NOT NULL,
    run INTEGER NOT NULL,
    filter BLOB NOT NULL,
    PRIMARY KEY (shard, run)
  ) STRICT;

  CREATE TABLE IF NOT EXISTS gathered (
    shard INTEGER PRIMARY KEY,
    number INTEGER NOT NULL
  ) STRICT;

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

  CREATE TABLE IF NOT EXISTS late_contracts (
    contract_ref TEXT PRIMARY KEY,
    received_on TEXT NOT NULL,
    told INTEGER NOT NULL DEFAULT 0
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE IF NOT EXISTS sightings (
    kind TEXT NOT NULL,
    ref TEXT NOT NULL,
    name TEXT NOT NULL,
    seen_at INTEGER NOT NULL,
    told INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (kind, ref)
  ) STRICT, WITHOUT ROWID;
`
