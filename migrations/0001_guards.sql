-- The rules about money that the database itself keeps, whatever the program does.

CREATE TRIGGER journal_entries_are_append_only BEFORE UPDATE ON journal_entries
BEGIN SELECT RAISE(ABORT, 'journal entries are append-only'); END;

CREATE TRIGGER journal_entries_are_kept BEFORE DELETE ON journal_entries
BEGIN SELECT RAISE(ABORT, 'journal entries are append-only'); END;

CREATE TRIGGER postings_are_append_only BEFORE UPDATE ON postings
BEGIN SELECT RAISE(ABORT, 'postings are append-only'); END;

CREATE TRIGGER postings_are_kept BEFORE DELETE ON postings
BEGIN SELECT RAISE(ABORT, 'postings are append-only'); END;

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

CREATE TRIGGER allocations_fit_the_invoice BEFORE INSERT ON allocations
BEGIN
  SELECT RAISE(ABORT, 'allocated beyond the invoice')
  WHERE (SELECT COALESCE(SUM(amount), 0) FROM allocations WHERE invoice_id = NEW.invoice_id) + NEW.amount
      > (SELECT total FROM invoices WHERE id = NEW.invoice_id);
END;

CREATE TRIGGER allocations_fit_the_payment BEFORE INSERT ON allocations
BEGIN
  SELECT RAISE(ABORT, 'allocated beyond the payment')
  WHERE (SELECT COALESCE(SUM(amount), 0) FROM allocations WHERE payment_id = NEW.payment_id) + NEW.amount
      > (SELECT amount FROM payments WHERE id = NEW.payment_id);
END;

CREATE TRIGGER audit_log_is_append_only BEFORE UPDATE ON audit_log
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

CREATE TRIGGER audit_log_is_kept BEFORE DELETE ON audit_log
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

-- Every invoice line waits for its revenue schedule, whoever wrote the line.
CREATE TRIGGER invoice_lines_await_schedules AFTER INSERT ON invoice_lines
BEGIN INSERT OR IGNORE INTO unscheduled_lines (line_id) VALUES (NEW.id); END;
