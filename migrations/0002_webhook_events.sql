-- What happens, for those who asked to be told: a row in the batch of its cause, which the announcement takes away.
-- Nothing is written while there is no webhook. With the type, source_id is the identity of what happened.

CREATE TRIGGER issued_invoices_are_told AFTER INSERT ON invoices
WHEN NEW.origin IS NULL AND EXISTS (SELECT 1 FROM webhooks)
BEGIN
  INSERT OR IGNORE INTO unannounced_events (type, source_id, subject_id, at)
  VALUES ('invoice.issued', NEW.id, NEW.id, NEW.issued_at);
END;

-- How an invoice stands after a row that settles it. Of the rows of one decision the last tells: money that is short by
-- what the bank kept pays an invoice in full.
CREATE TRIGGER settled_invoices_are_told AFTER INSERT ON allocations
WHEN NEW.amount > 0 AND EXISTS (SELECT 1 FROM webhooks)
BEGIN
  DELETE FROM unannounced_events
  WHERE subject_id = NEW.invoice_id AND at = NEW.created_at
    AND type IN ('invoice.partially_paid', 'invoice.reopened');
  INSERT OR IGNORE INTO unannounced_events (type, source_id, subject_id, at)
  SELECT type, NEW.id, NEW.invoice_id, NEW.created_at
  FROM (
    SELECT CASE
        WHEN NEW.kind = 'void' THEN 'invoice.voided'
        WHEN NEW.kind = 'write_off' THEN 'invoice.written_off'
        WHEN settled >= total AND written_off = 0 THEN 'invoice.paid'
        WHEN settled < total AND NEW.kind <> 'credit_note' THEN 'invoice.partially_paid'
      END AS type
    FROM (
      SELECT invoices.total, SUM(amount) AS settled, SUM(CASE kind WHEN 'write_off' THEN amount ELSE 0 END) AS written_off
      FROM allocations JOIN invoices ON invoices.id = allocations.invoice_id
      WHERE allocations.invoice_id = NEW.invoice_id
    )
  )
  WHERE type IS NOT NULL;
END;

CREATE TRIGGER reopened_invoices_are_told AFTER INSERT ON allocations
WHEN NEW.amount < 0 AND EXISTS (SELECT 1 FROM webhooks)
BEGIN
  INSERT OR IGNORE INTO unannounced_events (type, source_id, subject_id, at)
  SELECT 'invoice.reopened', NEW.id, NEW.invoice_id, NEW.created_at
  WHERE NOT EXISTS (
    SELECT 1 FROM unannounced_events
    WHERE subject_id = NEW.invoice_id AND type = 'invoice.reopened' AND at = NEW.created_at);
END;

CREATE TRIGGER credit_notes_are_told AFTER INSERT ON credit_notes WHEN EXISTS (SELECT 1 FROM webhooks)
BEGIN
  INSERT OR IGNORE INTO unannounced_events (type, source_id, subject_id, at)
  VALUES ('credit_note.issued', NEW.id, NEW.id, NEW.issued_at);
END;

CREATE TRIGGER payments_are_told AFTER INSERT ON payments WHEN EXISTS (SELECT 1 FROM webhooks)
BEGIN
  INSERT OR IGNORE INTO unannounced_events (type, source_id, subject_id, at)
  VALUES ('payment.received', NEW.id, NEW.id, NEW.recorded_at);
END;

CREATE TRIGGER applied_payments_are_told AFTER INSERT ON allocations
WHEN NEW.kind = 'payment' AND NEW.amount > 0 AND EXISTS (SELECT 1 FROM webhooks)
BEGIN
  INSERT OR IGNORE INTO unannounced_events (type, source_id, subject_id, at)
  VALUES ('payment.matched', NEW.id, NEW.id, NEW.created_at);
END;

CREATE TRIGGER unmatched_payments_are_told AFTER INSERT ON matches
WHEN NEW.rule = 'unapplied' AND EXISTS (SELECT 1 FROM webhooks)
BEGIN
  INSERT OR IGNORE INTO unannounced_events (type, source_id, subject_id, at)
  VALUES ('payment.unmatched', NEW.payment_id, NEW.payment_id, NEW.decided_at);
END;

CREATE TRIGGER money_paid_back_is_told AFTER INSERT ON refunds
WHEN NEW.state = 'succeeded' AND EXISTS (SELECT 1 FROM webhooks)
BEGIN
  INSERT OR IGNORE INTO unannounced_events (type, source_id, subject_id, at)
  VALUES (CASE NEW.kind WHEN 'return' THEN 'payment.returned' ELSE 'refund.paid' END, NEW.id, NEW.id, NEW.created_at);
END;

CREATE TRIGGER ended_refunds_are_told AFTER UPDATE OF state ON refunds
WHEN NEW.state <> OLD.state AND EXISTS (SELECT 1 FROM webhooks)
BEGIN
  INSERT OR IGNORE INTO unannounced_events (type, source_id, subject_id, at)
  VALUES (CASE NEW.state WHEN 'failed' THEN 'refund.failed' ELSE 'refund.paid' END, NEW.id, NEW.id, NEW.ended_at);
END;

CREATE TRIGGER disputes_are_told AFTER INSERT ON disputes WHEN EXISTS (SELECT 1 FROM webhooks)
BEGIN
  INSERT OR IGNORE INTO unannounced_events (type, source_id, subject_id, at)
  VALUES ('dispute.opened', NEW.id, NEW.id, NEW.opened_at);
  INSERT OR IGNORE INTO unannounced_events (type, source_id, subject_id, at)
  SELECT 'dispute.closed', NEW.id, NEW.id, NEW.closed_at WHERE NEW.state <> 'open';
END;

CREATE TRIGGER closed_disputes_are_told AFTER UPDATE OF state ON disputes
WHEN NEW.state <> OLD.state AND NEW.state <> 'open' AND EXISTS (SELECT 1 FROM webhooks)
BEGIN
  INSERT OR IGNORE INTO unannounced_events (type, source_id, subject_id, at)
  VALUES ('dispute.closed', NEW.id, NEW.id, NEW.closed_at);
END;

-- A version says what became of a contract: terms that count one more renewal are those of its next term.
CREATE TRIGGER signed_contracts_are_told AFTER INSERT ON contracts
WHEN NEW.status <> 'draft' AND EXISTS (SELECT 1 FROM webhooks)
BEGIN
  INSERT OR IGNORE INTO unannounced_events (type, source_id, subject_id, at)
  VALUES ('contract.activated', NEW.ref, NEW.ref, NEW.created_at);
END;

CREATE TRIGGER changed_contracts_are_told AFTER UPDATE OF version ON contracts
WHEN NEW.version <> OLD.version AND NEW.status <> 'draft' AND EXISTS (SELECT 1 FROM webhooks)
BEGIN
  INSERT OR IGNORE INTO unannounced_events (type, source_id, subject_id, at)
  SELECT CASE
      WHEN OLD.status = 'draft' AND NEW.status = 'active' THEN 'contract.activated'
      WHEN NEW.status = 'cancelled' THEN 'contract.cancelled'
      WHEN coalesce(NEW.terms ->> 'renewals', 0) > coalesce(OLD.terms ->> 'renewals', 0) THEN 'contract.renewed'
      ELSE 'contract.amended'
    END,
    NEW.ref || CASE WHEN OLD.status = 'draft' AND NEW.status = 'active' THEN '' ELSE ' ' || NEW.version END,
    NEW.ref, created_at
  FROM contract_versions WHERE contract_ref = NEW.ref AND version = NEW.version;
END;

CREATE TRIGGER ended_contracts_are_told AFTER UPDATE OF next_close_at ON contracts
WHEN NEW.next_close_at IS NULL AND OLD.next_close_at IS NOT NULL AND EXISTS (SELECT 1 FROM webhooks)
BEGIN
  INSERT OR IGNORE INTO unannounced_events (type, source_id, subject_id)
  VALUES ('contract.ended', NEW.ref || ' ' || NEW.version, NEW.ref);
END;

CREATE TRIGGER granted_credit_is_told AFTER INSERT ON credit_grants WHEN EXISTS (SELECT 1 FROM webhooks)
BEGIN
  INSERT OR IGNORE INTO unannounced_events (type, source_id, subject_id, at)
  VALUES ('credit.granted', NEW.ref, NEW.ref, NEW.created_at);
END;

CREATE TRIGGER expired_credit_is_told AFTER INSERT ON credit_movements
WHEN NEW.kind = 'expired' AND EXISTS (SELECT 1 FROM webhooks)
BEGIN
  INSERT OR IGNORE INTO unannounced_events (type, source_id, subject_id, at)
  VALUES ('credit.expired', NEW.id, NEW.grant_ref, NEW.at);
END;

CREATE TRIGGER locked_periods_are_told AFTER INSERT ON accounting_periods
WHEN NEW.status = 'locked' AND EXISTS (SELECT 1 FROM webhooks)
BEGIN
  INSERT OR IGNORE INTO unannounced_events (type, source_id, subject_id, at)
  VALUES ('period.locked', NEW.month || ' ' || NEW.entity_ref || ' ' || NEW.changed_at,
    NEW.month || ' ' || NEW.entity_ref, NEW.changed_at);
END;

CREATE TRIGGER changed_periods_are_told AFTER UPDATE OF status ON accounting_periods
WHEN (NEW.status = 'locked') <> (OLD.status = 'locked') AND EXISTS (SELECT 1 FROM webhooks)
BEGIN
  INSERT OR IGNORE INTO unannounced_events (type, source_id, subject_id, at)
  VALUES (CASE NEW.status WHEN 'locked' THEN 'period.locked' ELSE 'period.unlocked' END,
    NEW.month || ' ' || NEW.entity_ref || ' ' || NEW.changed_at, NEW.month || ' ' || NEW.entity_ref, NEW.changed_at);
END;
