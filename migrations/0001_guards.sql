-- The rules about money that the database itself keeps, whatever the program does.

CREATE TRIGGER journal_entries_are_append_only BEFORE UPDATE ON journal_entries
BEGIN SELECT RAISE(ABORT, 'journal entries are append-only'); END;

CREATE TRIGGER journal_entries_are_kept BEFORE DELETE ON journal_entries
BEGIN SELECT RAISE(ABORT, 'journal entries are append-only'); END;

CREATE TRIGGER postings_are_append_only BEFORE UPDATE ON postings
BEGIN SELECT RAISE(ABORT, 'postings are append-only'); END;

CREATE TRIGGER postings_are_kept BEFORE DELETE ON postings
BEGIN SELECT RAISE(ABORT, 'postings are append-only'); END;

-- A soft-locked month still takes what jobs post, and nothing by hand.
CREATE TRIGGER closed_periods_take_no_entries BEFORE INSERT ON journal_entries
BEGIN
  SELECT RAISE(ABORT, 'accounting period is closed')
  FROM accounting_periods
  WHERE entity_ref = NEW.entity_ref AND month = substr(NEW.posting_date, 1, 7)
    AND (status = 'locked' OR (status = 'soft_locked' AND NEW.posted_by IS NOT NULL));
END;

-- A lock that a month got while another close of it was under way stands; opening it takes an unlock of its own.
CREATE TRIGGER locked_periods_are_not_softened BEFORE UPDATE OF status ON accounting_periods
WHEN OLD.status = 'locked' AND NEW.status = 'soft_locked'
BEGIN SELECT RAISE(ABORT, 'accounting period is locked'); END;

-- What closes of months found stays as it was: entries follow from it.
CREATE TRIGGER presented_positions_are_kept BEFORE UPDATE ON presented_positions
BEGIN SELECT RAISE(ABORT, 'presented_positions is append-only'); END;

CREATE TRIGGER presented_positions_stay BEFORE DELETE ON presented_positions
BEGIN SELECT RAISE(ABORT, 'presented_positions is append-only'); END;

-- Exchange rates: what was published of a day is never changed, nor is an amount that was measured with it.
CREATE TRIGGER fx_rates_are_kept BEFORE UPDATE ON fx_rates
BEGIN SELECT RAISE(ABORT, 'an exchange rate never changes'); END;

CREATE TRIGGER fx_rates_stay BEFORE DELETE ON fx_rates
BEGIN SELECT RAISE(ABORT, 'an exchange rate never changes'); END;

CREATE TRIGGER functional_amounts_are_append_only BEFORE UPDATE ON functional_amounts
BEGIN SELECT RAISE(ABORT, 'functional amounts are append-only'); END;

CREATE TRIGGER functional_amounts_are_kept BEFORE DELETE ON functional_amounts
BEGIN SELECT RAISE(ABORT, 'functional amounts are append-only'); END;

CREATE TRIGGER measurements_are_append_only BEFORE UPDATE ON measurements
BEGIN SELECT RAISE(ABORT, 'functional amounts are append-only'); END;

CREATE TRIGGER measurements_are_kept BEFORE DELETE ON measurements
BEGIN SELECT RAISE(ABORT, 'functional amounts are append-only'); END;

CREATE TRIGGER position_groups_are_append_only BEFORE UPDATE ON position_groups
BEGIN SELECT RAISE(ABORT, 'position_groups is append-only'); END;

CREATE TRIGGER position_groups_are_kept BEFORE DELETE ON position_groups
BEGIN SELECT RAISE(ABORT, 'position_groups is append-only'); END;

CREATE TRIGGER measured_entries_take_no_more BEFORE INSERT ON functional_amounts
BEGIN
  SELECT RAISE(ABORT, 'entry is measured') WHERE EXISTS (SELECT 1 FROM measurements WHERE entry_id = NEW.entry_id);
END;

-- The measurement seals its lines: one for each posting with its amount, and they balance.
CREATE TRIGGER measurements_balance BEFORE INSERT ON measurements
BEGIN
  SELECT RAISE(ABORT, 'functional amounts are out of balance')
  WHERE (SELECT COALESCE(SUM(functional_amount), 0) FROM functional_amounts WHERE entry_id = NEW.entry_id) <> 0
    OR (SELECT COALESCE(SUM(amount), 0) FROM functional_amounts WHERE entry_id = NEW.entry_id) <> 0
    OR EXISTS (
      SELECT 1 FROM postings LEFT JOIN functional_amounts AS measured USING (entry_id, line_no)
      WHERE entry_id = NEW.entry_id AND measured.amount IS NOT postings.amount);
END;

-- An entry in a currency that its books are not measured in waits for its functional amounts, whoever posted it.
CREATE TRIGGER foreign_entries_await_measurement AFTER INSERT ON journal_entries
BEGIN
  INSERT INTO unmeasured_entries (entry_id, book, entity_ref, currency)
  SELECT NEW.id, NEW.book, NEW.entity_ref, NEW.currency
  FROM legal_entities
  WHERE ref = NEW.entity_ref AND COALESCE(functional_currency, currency) <> NEW.currency;
END;

CREATE TRIGGER measured_entries_wait_no_more AFTER INSERT ON measurements
BEGIN DELETE FROM unmeasured_entries WHERE entry_id = NEW.entry_id; END;

-- The lines of the journal in the functional currency: postings where the two are one, else what was measured.
CREATE VIEW functional_postings AS
  SELECT postings.entry_id, line_no, account, amount, entries.currency, customer_ref, contract_ref, invoice_id,
    product_ref, payment_id
  FROM postings
  JOIN journal_entries AS entries ON entries.id = postings.entry_id
  JOIN legal_entities AS entities ON entities.ref = entries.entity_ref
  WHERE entries.currency = COALESCE(entities.functional_currency, entities.currency)
UNION ALL
  SELECT measured.entry_id, measured.line_no, measured.account, measured.functional_amount, measurements.currency,
    measured.customer_ref, measured.contract_ref, measured.invoice_id, postings.product_ref, postings.payment_id
  FROM functional_amounts AS measured
  JOIN measurements ON measurements.entry_id = measured.entry_id
  LEFT JOIN postings ON postings.entry_id = measured.entry_id AND postings.line_no = measured.line_no;

CREATE TRIGGER invoices_are_final BEFORE UPDATE ON invoices
BEGIN SELECT RAISE(ABORT, 'an issued invoice never changes'); END;

CREATE TRIGGER invoices_are_kept BEFORE DELETE ON invoices
BEGIN SELECT RAISE(ABORT, 'an issued invoice never changes'); END;

CREATE TRIGGER invoice_lines_are_final BEFORE UPDATE ON invoice_lines
BEGIN SELECT RAISE(ABORT, 'an issued invoice never changes'); END;

CREATE TRIGGER invoice_lines_are_kept BEFORE DELETE ON invoice_lines
BEGIN SELECT RAISE(ABORT, 'an issued invoice never changes'); END;

CREATE TRIGGER payments_are_facts BEFORE UPDATE OF amount, currency, rail, external_key, entity_ref ON payments
BEGIN SELECT RAISE(ABORT, 'a payment is a fact'); END;

CREATE TRIGGER payments_are_kept BEFORE DELETE ON payments
BEGIN SELECT RAISE(ABORT, 'a payment is a fact'); END;

-- Books and document numbers rest on these.
CREATE TRIGGER entities_that_issued_are_steady BEFORE UPDATE OF currency, framework, invoice_series ON legal_entities
WHEN (NEW.currency, NEW.framework, NEW.invoice_series) IS NOT (OLD.currency, OLD.framework, OLD.invoice_series)
BEGIN
  SELECT RAISE(ABORT, 'entity has issued invoices')
  WHERE EXISTS (SELECT 1 FROM invoices WHERE entity_ref = NEW.ref);
END;

CREATE TRIGGER entities_with_books_keep_their_measure BEFORE UPDATE OF currency, functional_currency ON legal_entities
WHEN COALESCE(NEW.functional_currency, NEW.currency) <> COALESCE(OLD.functional_currency, OLD.currency)
BEGIN
  SELECT RAISE(ABORT, 'entity has books')
  WHERE EXISTS (SELECT 1 FROM journal_entries WHERE entity_ref = NEW.ref)
    -- The trigger above has said so already.
    AND (NEW.currency = OLD.currency OR NOT EXISTS (SELECT 1 FROM invoices WHERE entity_ref = NEW.ref));
END;

CREATE TRIGGER billed_products_keep_their_kind BEFORE UPDATE OF kind, grants_credit ON products
WHEN NEW.kind <> OLD.kind OR (NEW.grants_credit IS NULL) <> (OLD.grants_credit IS NULL)
BEGIN
  SELECT RAISE(ABORT, 'product is billed')
  WHERE EXISTS (
    SELECT 1 FROM contract_versions, json_each(contract_versions.terms, '$.products') AS agreed
    WHERE agreed.value ->> 'product_ref' = NEW.ref
  );
END;

CREATE TRIGGER allocations_fit_the_invoice BEFORE INSERT ON allocations
BEGIN
  SELECT RAISE(ABORT, 'allocated beyond the invoice')
  WHERE (SELECT COALESCE(SUM(amount), 0) FROM allocations WHERE invoice_id = NEW.invoice_id) + NEW.amount
      > (SELECT total FROM invoices WHERE id = NEW.invoice_id);
END;

-- What is kept as credit of a payment, or was paid back, is no longer there to be applied.
CREATE TRIGGER allocations_fit_the_payment BEFORE INSERT ON allocations WHEN NEW.payment_id IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'allocated beyond the payment')
  WHERE (SELECT COALESCE(SUM(amount), 0) FROM allocations WHERE payment_id = NEW.payment_id)
      + (SELECT COALESCE(SUM(amount), 0) FROM customer_credits WHERE payment_id = NEW.payment_id)
      + (SELECT COALESCE(SUM(from_unapplied), 0) FROM refunds WHERE payment_id = NEW.payment_id AND state <> 'failed')
      + NEW.amount
      > (SELECT amount FROM payments WHERE id = NEW.payment_id);
END;

CREATE TRIGGER allocations_are_kept BEFORE DELETE ON allocations
BEGIN SELECT RAISE(ABORT, 'an allocation never changes'); END;

CREATE TRIGGER allocations_are_final BEFORE UPDATE ON allocations
BEGIN SELECT RAISE(ABORT, 'an allocation never changes'); END;

-- No more is taken back of an allocation than it settled; what was recovered of a loss may be lost again.
CREATE TRIGGER allocations_are_taken_back_once BEFORE INSERT ON allocations WHEN NEW.reverses IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'taken back beyond the allocation')
  WHERE (NEW.amount >= 0 AND NEW.kind <> 'write_off')
     OR NOT (SELECT COALESCE(SUM(amount), 0) FROM allocations WHERE id = NEW.reverses OR reverses = NEW.reverses)
        + NEW.amount BETWEEN 0 AND (SELECT amount FROM allocations WHERE id = NEW.reverses);
END;

CREATE TRIGGER refunds_fit_the_payment BEFORE INSERT ON refunds
BEGIN
  SELECT RAISE(ABORT, 'paid back beyond the payment')
  WHERE (SELECT COALESCE(SUM(amount), 0) FROM allocations WHERE payment_id = NEW.payment_id)
      + (SELECT COALESCE(SUM(amount), 0) FROM customer_credits WHERE payment_id = NEW.payment_id)
      + (SELECT COALESCE(SUM(from_unapplied), 0) FROM refunds WHERE payment_id = NEW.payment_id AND state <> 'failed')
      + NEW.from_unapplied
      > (SELECT amount FROM payments WHERE id = NEW.payment_id);
END;

-- Tokens are valued once, as far as they are there then; what leaves afterwards leaves at that value.
CREATE TRIGGER tokens_are_valued_once BEFORE UPDATE ON token_receipts
BEGIN
  SELECT RAISE(ABORT, 'tokens are valued once, as far as they are there')
  WHERE OLD.fair_value IS NOT NULL
     OR NEW.amount <> OLD.amount
     OR NEW.valued <> OLD.amount - (SELECT COALESCE(SUM(amount), 0) FROM refunds
                                    WHERE payment_id = OLD.payment_id AND carried IS NULL AND state <> 'failed');
END;

CREATE TRIGGER token_receipts_are_kept BEFORE DELETE ON token_receipts
BEGIN SELECT RAISE(ABORT, 'a payment is a fact'); END;

CREATE TRIGGER valued_tokens_leave_at_their_value BEFORE INSERT ON refunds WHEN NEW.carried IS NULL
BEGIN
  SELECT RAISE(ABORT, 'tokens were valued meanwhile')
  WHERE EXISTS (SELECT 1 FROM token_receipts WHERE payment_id = NEW.payment_id AND fair_value IS NOT NULL);
END;

CREATE TRIGGER refunds_are_facts BEFORE UPDATE OF payment_id, kind, currency, amount, from_unapplied, paid_on ON refunds
BEGIN SELECT RAISE(ABORT, 'a refund is a fact'); END;

CREATE TRIGGER refunds_are_kept BEFORE DELETE ON refunds
BEGIN SELECT RAISE(ABORT, 'a refund is a fact'); END;

CREATE TRIGGER credit_notes_are_final BEFORE UPDATE ON credit_notes
BEGIN SELECT RAISE(ABORT, 'an issued credit note never changes'); END;

CREATE TRIGGER credit_notes_are_kept BEFORE DELETE ON credit_notes
BEGIN SELECT RAISE(ABORT, 'an issued credit note never changes'); END;

CREATE TRIGGER line_reversals_are_final BEFORE UPDATE ON line_reversals
BEGIN SELECT RAISE(ABORT, 'an issued credit note never changes'); END;

CREATE TRIGGER line_reversals_are_kept BEFORE DELETE ON line_reversals
BEGIN SELECT RAISE(ABORT, 'an issued credit note never changes'); END;

-- What is taken back of a line lies between nothing and its net amount, on its side of zero.
CREATE TRIGGER reversals_fit_the_line AFTER INSERT ON line_reversals
BEGIN
  SELECT RAISE(ABORT, 'reversed beyond the line')
  FROM invoice_lines AS line,
       (SELECT SUM(amount) AS amount FROM line_reversals WHERE line_id = NEW.line_id) AS taken
  WHERE line.id = NEW.line_id
    AND NOT taken.amount BETWEEN min(line.net_amount, 0) AND max(line.net_amount, 0);
END;

CREATE TRIGGER audit_log_is_append_only BEFORE UPDATE ON audit_log
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

CREATE TRIGGER audit_log_is_kept BEFORE DELETE ON audit_log
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

-- Every invoice line waits for its revenue schedule, whoever wrote the line; of an invoice that was issued elsewhere,
-- revenue was recognised there, and credit that a line sells is revenue when it is used.
CREATE TRIGGER invoice_lines_await_schedules AFTER INSERT ON invoice_lines
WHEN NEW.sells_credit IS NULL AND (SELECT origin FROM invoices WHERE id = NEW.invoice_id) IS NULL
BEGIN INSERT OR IGNORE INTO unscheduled_lines (line_id) VALUES (NEW.id); END;

CREATE TRIGGER line_reversals_await_schedules AFTER INSERT ON line_reversals
WHEN (SELECT sells_credit FROM invoice_lines WHERE id = NEW.line_id) IS NULL
  AND (SELECT origin FROM invoices WHERE id = NEW.invoice_id) IS NULL
BEGIN INSERT OR IGNORE INTO unscheduled_lines (line_id) VALUES (NEW.id); END;

CREATE TRIGGER credit_parts_await_schedules AFTER INSERT ON credit_parts
BEGIN INSERT OR IGNORE INTO unscheduled_lines (line_id) VALUES (NEW.id); END;

-- A version is never changed, holds from a boundary that is not invoiced yet, and waits while an invoice is being made:
-- the job that holds the claim bills by the terms that it has read.
CREATE TRIGGER contract_versions_are_kept BEFORE UPDATE ON contract_versions
BEGIN SELECT RAISE(ABORT, 'a contract version never changes'); END;

CREATE TRIGGER contract_versions_stay BEFORE DELETE ON contract_versions
BEGIN SELECT RAISE(ABORT, 'a contract version never changes'); END;

CREATE TRIGGER contract_versions_look_forward BEFORE INSERT ON contract_versions
BEGIN
  SELECT RAISE(ABORT, 'contract is being invoiced')
  FROM contracts
  WHERE ref = NEW.contract_ref
    AND (next_cycle > NEW.from_boundary OR (claim_token IS NOT NULL AND claimed_until > NEW.created_at));
END;

-- No two contracts bill the same usage of a customer over the same days. Dates compare as text.
CREATE VIEW billing_spans AS
  SELECT contracts.ref, contracts.customer_ref, agreed.value ->> 'product_ref' AS product_ref,
    max(contracts.terms ->> 'start_date', coalesce(agreed.value ->> 'billing_start_date', '')) AS span_start,
    min(coalesce(contracts.terms ->> 'end_date', '9999-99-99'),
        coalesce(agreed.value ->> 'billing_end_date', '9999-99-99')) AS span_end
  FROM contracts, json_each(contracts.terms, '$.products') AS agreed, products
  WHERE products.ref = agreed.value ->> 'product_ref' AND products.kind = 'usage' AND contracts.status <> 'draft';

CREATE VIEW billed_twice AS
  SELECT ours.ref
  FROM billing_spans AS ours JOIN billing_spans AS theirs USING (customer_ref, product_ref)
  WHERE ours.ref <> theirs.ref
    AND ours.span_start < ours.span_end AND theirs.span_start < theirs.span_end
    AND ours.span_start < theirs.span_end AND theirs.span_start < ours.span_end;

CREATE TRIGGER new_contracts_bill_usage_once AFTER INSERT ON contracts
BEGIN SELECT RAISE(ABORT, 'product already billed') FROM billed_twice WHERE ref = NEW.ref; END;

CREATE TRIGGER amended_contracts_bill_usage_once AFTER UPDATE OF terms, status ON contracts
BEGIN SELECT RAISE(ABORT, 'product already billed') FROM billed_twice WHERE ref = NEW.ref; END;

-- A token leaves the list only while no address was given out: what is sent there later must still be seen.
CREATE TRIGGER tokens_stay_watched BEFORE UPDATE OF wallets ON legal_entities
WHEN EXISTS (
  SELECT 1 FROM deposit_addresses JOIN invoices ON invoices.id = deposit_addresses.invoice_id
  WHERE invoices.entity_ref = OLD.ref)
BEGIN
  SELECT RAISE(ABORT, 'tokens of given-out addresses stay')
  WHERE EXISTS (
    SELECT 1
    FROM json_each(OLD.wallets) AS wallet,
         json_each(wallet.value, '$.chains') AS chain,
         json_each(chain.value, '$.tokens') AS token
    WHERE NOT EXISTS (
      SELECT 1
      FROM json_each(NEW.wallets) AS new_wallet,
           json_each(new_wallet.value, '$.chains') AS new_chain,
           json_each(new_chain.value, '$.tokens') AS new_token
      WHERE json_extract(new_chain.value, '$.chain_id') = json_extract(chain.value, '$.chain_id')
        AND lower(json_extract(new_token.value, '$.address')) = lower(json_extract(token.value, '$.address'))
        AND json_extract(new_token.value, '$.decimals') = json_extract(token.value, '$.decimals')
        AND json_extract(new_token.value, '$.currency') = json_extract(token.value, '$.currency')));
END;

-- What was granted stays; only the day on which time does something to it moves on.
CREATE TRIGGER credit_grants_are_facts BEFORE UPDATE OF ref, customer_ref, entity_ref, currency, kind, amount,
  cost_basis, before_tax, effective_at, expires_at, contract_refs, product_refs, invoice_id, on_payment ON credit_grants
BEGIN SELECT RAISE(ABORT, 'granted credit never changes'); END;

CREATE TRIGGER credit_grants_are_kept BEFORE DELETE ON credit_grants
BEGIN SELECT RAISE(ABORT, 'granted credit never changes'); END;

CREATE TRIGGER credit_movements_are_append_only BEFORE UPDATE ON credit_movements
BEGIN SELECT RAISE(ABORT, 'credit movements are append-only'); END;

CREATE TRIGGER credit_movements_are_kept BEFORE DELETE ON credit_movements
BEGIN SELECT RAISE(ABORT, 'credit movements are append-only'); END;

CREATE TRIGGER credit_parts_are_append_only BEFORE UPDATE ON credit_parts
BEGIN SELECT RAISE(ABORT, 'credit movements are append-only'); END;

CREATE TRIGGER credit_parts_are_kept BEFORE DELETE ON credit_parts
BEGIN SELECT RAISE(ABORT, 'credit movements are append-only'); END;

CREATE TRIGGER credit_is_never_overdrawn AFTER INSERT ON credit_movements
BEGIN
  SELECT RAISE(ABORT, 'credit is overdrawn')
  WHERE (SELECT SUM(CASE kind WHEN 'reinstated' THEN -amount ELSE amount END)
         FROM credit_movements WHERE grant_ref = NEW.grant_ref)
    NOT BETWEEN 0 AND COALESCE((SELECT amount FROM credit_grants WHERE ref = NEW.grant_ref), -1);
END;

-- Each contract in force is planned for revenue, and again after every amendment and every fact that is stated of it.
CREATE TRIGGER signed_contracts_await_plans AFTER INSERT ON contracts WHEN NEW.status <> 'draft'
BEGIN
  INSERT INTO revenue_contracts
    (ref, entity_ref, customer_ref, currency, signed_version, group_ref, products, covers, stale, step)
  VALUES (NEW.ref, NEW.entity_ref, NEW.customer_ref, coalesce(NEW.terms ->> 'currency', ''), NEW.version, NEW.ref,
    '[]', '[]', 1, 0);
END;

CREATE TRIGGER activated_contracts_await_plans AFTER UPDATE OF status ON contracts
WHEN OLD.status = 'draft' AND NEW.status = 'active'
BEGIN
  INSERT INTO revenue_contracts
    (ref, entity_ref, customer_ref, currency, signed_version, group_ref, products, covers, stale, step)
  VALUES (NEW.ref, NEW.entity_ref, NEW.customer_ref, coalesce(NEW.terms ->> 'currency', ''), NEW.version, NEW.ref,
    '[]', '[]', 1, 0);
END;

CREATE TRIGGER amended_contracts_await_plans AFTER UPDATE OF version ON contracts WHEN NEW.version <> OLD.version
BEGIN UPDATE revenue_contracts SET stale = 1, step = step + 1 WHERE ref = NEW.ref; END;

CREATE TRIGGER stated_facts_await_plans AFTER INSERT ON revenue_facts
BEGIN UPDATE revenue_contracts SET stale = 1, step = step + 1 WHERE ref = NEW.contract_ref; END;

-- Whether there is a contract decides on the lines of its invoices, too, and on those of contracts combined with it:
-- they are planned again.
CREATE TRIGGER judged_lines_await_schedules AFTER INSERT ON revenue_facts WHEN NEW.body ->> 'kind' = 'criteria'
BEGIN
  INSERT OR IGNORE INTO unscheduled_lines (line_id)
  SELECT schedule.line_id
  FROM revenue_contracts AS own
    JOIN revenue_contracts AS member ON member.group_ref = own.group_ref
    JOIN revenue_schedules AS schedule ON schedule.contract_ref = member.ref
  WHERE own.ref = NEW.contract_ref AND schedule.invoice_id IS NOT NULL AND schedule.book = 'primary';
END;

CREATE TRIGGER combined_lines_await_schedules AFTER UPDATE OF group_ref ON revenue_contracts
WHEN NEW.group_ref <> OLD.group_ref AND EXISTS (
  SELECT 1 FROM revenue_contracts AS member JOIN revenue_facts AS fact ON fact.contract_ref = member.ref
  WHERE member.group_ref = NEW.group_ref AND fact.body ->> 'kind' = 'criteria')
BEGIN
  INSERT OR IGNORE INTO unscheduled_lines (line_id)
  SELECT schedule.line_id
  FROM revenue_contracts AS member JOIN revenue_schedules AS schedule ON schedule.contract_ref = member.ref
  WHERE member.group_ref = NEW.group_ref AND schedule.invoice_id IS NOT NULL AND schedule.book = 'primary';
END;

-- What is credited, taken back or written off may be a price cut of what is planned.
CREATE TRIGGER price_cuts_await_plans AFTER INSERT ON line_reversals
BEGIN
  UPDATE revenue_contracts SET stale = 1, step = step + 1
  WHERE ref = (SELECT contract_ref FROM invoice_lines WHERE id = NEW.line_id);
END;

-- What credit takes off a planned fee that is not earned day by day is a fact of the plan.
CREATE TRIGGER credit_prices_await_plans AFTER INSERT ON credit_parts
BEGIN
  UPDATE revenue_contracts SET stale = 1, step = step + 1
  WHERE ref = NEW.contract_ref AND basis IS NOT 'lines'
    AND (SELECT kind FROM invoice_lines WHERE id = NEW.line_id) IN ('recurring', 'one_time', 'change');
END;

-- Whoever plans takes the next step; of two who have read the same state, the second one is refused.
CREATE TRIGGER plans_exclude_each_other BEFORE UPDATE OF step ON revenue_contracts WHEN NEW.step <> OLD.step + 1
BEGIN SELECT RAISE(ABORT, 'revenue was planned meanwhile'); END;

-- What was accrued waits to be taken back as soon as its boundary is closed, whether an invoice came of it or not, or
-- the contract is over.
CREATE TRIGGER closed_boundaries_await_settlement AFTER UPDATE OF next_cycle, next_close_at ON contracts
WHEN NEW.next_cycle <> OLD.next_cycle OR NEW.next_close_at IS NULL
BEGIN
  UPDATE revenue_schedules SET accrual = 'billed'
  WHERE accrual = 'open' AND contract_ref = NEW.ref
    AND (boundary < NEW.next_cycle OR NEW.next_close_at IS NULL);
END;

-- What accruals counted on of a customer's credit, the invoice has used.
CREATE TRIGGER closed_boundaries_use_credit AFTER UPDATE OF next_cycle, next_close_at ON contracts
WHEN NEW.next_cycle <> OLD.next_cycle OR NEW.next_close_at IS NULL
BEGIN DELETE FROM accrued_credit WHERE contract_ref = NEW.ref; END;

CREATE TRIGGER revenue_facts_are_kept BEFORE UPDATE ON revenue_facts
BEGIN SELECT RAISE(ABORT, 'facts of revenue are append-only'); END;

CREATE TRIGGER revenue_facts_stay BEFORE DELETE ON revenue_facts
BEGIN SELECT RAISE(ABORT, 'facts of revenue are append-only'); END;

CREATE TRIGGER ssp_books_are_final BEFORE UPDATE ON ssp_books
BEGIN SELECT RAISE(ABORT, 'a version of selling prices never changes'); END;

CREATE TRIGGER ssp_books_are_kept BEFORE DELETE ON ssp_books
BEGIN SELECT RAISE(ABORT, 'a version of selling prices never changes'); END;

-- Invoices that still owe something, and payments of which some is left: lists of what is open never read the rest.
CREATE TRIGGER issued_invoices_are_open AFTER INSERT ON invoices WHEN NEW.total > 0
BEGIN INSERT INTO open_invoices (place) VALUES (NEW.rowid); END;

CREATE TRIGGER settled_invoices_are_not_open AFTER INSERT ON allocations
BEGIN
  DELETE FROM open_invoices WHERE place = (SELECT rowid FROM invoices WHERE id = NEW.invoice_id);
  INSERT INTO open_invoices (place) SELECT invoices.rowid FROM invoices WHERE id = NEW.invoice_id
    AND total > (SELECT SUM(amount) FROM allocations WHERE invoice_id = NEW.invoice_id);
END;

CREATE VIEW payments_with_a_rest AS
  SELECT payments.rowid AS place, id FROM payments
  WHERE amount > (SELECT COALESCE(SUM(amount), 0) FROM allocations WHERE payment_id = payments.id)
    + (SELECT COALESCE(SUM(amount), 0) FROM customer_credits WHERE payment_id = payments.id)
    + (SELECT COALESCE(SUM(from_unapplied), 0) FROM refunds WHERE payment_id = payments.id AND state <> 'failed');

CREATE TRIGGER received_payments_are_unapplied AFTER INSERT ON payments WHEN NEW.amount > 0
BEGIN INSERT INTO unapplied_payments (place) VALUES (NEW.rowid); END;

CREATE TRIGGER allocated_payments_are_applied AFTER INSERT ON allocations WHEN NEW.payment_id IS NOT NULL
BEGIN
  DELETE FROM unapplied_payments WHERE place = (SELECT rowid FROM payments WHERE id = NEW.payment_id);
  INSERT INTO unapplied_payments (place) SELECT place FROM payments_with_a_rest WHERE id = NEW.payment_id;
END;

CREATE TRIGGER credited_payments_are_applied AFTER INSERT ON customer_credits
BEGIN
  DELETE FROM unapplied_payments WHERE place = (SELECT rowid FROM payments WHERE id = NEW.payment_id);
  INSERT INTO unapplied_payments (place) SELECT place FROM payments_with_a_rest WHERE id = NEW.payment_id;
END;

CREATE TRIGGER refunded_payments_are_applied AFTER INSERT ON refunds
BEGIN
  DELETE FROM unapplied_payments WHERE place = (SELECT rowid FROM payments WHERE id = NEW.payment_id);
  INSERT INTO unapplied_payments (place) SELECT place FROM payments_with_a_rest WHERE id = NEW.payment_id;
END;

CREATE TRIGGER failed_refunds_are_unapplied AFTER UPDATE OF state ON refunds
BEGIN
  DELETE FROM unapplied_payments WHERE place = (SELECT rowid FROM payments WHERE id = NEW.payment_id);
  INSERT INTO unapplied_payments (place) SELECT place FROM payments_with_a_rest WHERE id = NEW.payment_id;
END;

-- What payers write is looked up by these.
CREATE INDEX invoices_bare_number ON invoices (
  upper(replace(replace(replace(replace(replace(number, '-', ''), '/', ''), '.', ''), '_', ''), ' ', '')));

CREATE INDEX invoices_bare_reference ON invoices (
  upper(replace(replace(replace(replace(replace(payment_reference, '-', ''), '/', ''), '.', ''), '_', ''), ' ', '')));
