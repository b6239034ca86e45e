CREATE TABLE `api_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`secret_hash` text NOT NULL,
	`scopes` text NOT NULL,
	`created_at` integer NOT NULL,
	`revoked_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `api_keys_secret_hash_unique` ON `api_keys` (`secret_hash`);--> statement-breakpoint
CREATE TABLE `audit_log` (
	`id` text PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`actor` text NOT NULL,
	`action` text NOT NULL,
	`subject` text NOT NULL,
	`before` text,
	`after` text,
	`request_id` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `audit_log_subject` ON `audit_log` (`subject`,`at`);--> statement-breakpoint
CREATE INDEX `audit_log_at` ON `audit_log` (`at`);--> statement-breakpoint
CREATE TABLE `idempotency_keys` (
	`principal` text NOT NULL,
	`key` text NOT NULL,
	`request_hash` text NOT NULL,
	`status` integer,
	`body` text,
	`content_type` text,
	`started_at` integer NOT NULL,
	PRIMARY KEY(`principal`, `key`)
);
--> statement-breakpoint
CREATE INDEX `idempotency_keys_age` ON `idempotency_keys` (`started_at`);--> statement-breakpoint
CREATE TABLE `login_links` (
	`token_hash` text PRIMARY KEY NOT NULL,
	`email` text NOT NULL,
	`expires_at` integer NOT NULL,
	`used_at` integer
);
--> statement-breakpoint
CREATE INDEX `login_links_expiry` ON `login_links` (`expires_at`);--> statement-breakpoint
CREATE TABLE `operators` (
	`email` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`role` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `sessions` (
	`token_hash` text PRIMARY KEY NOT NULL,
	`email` text NOT NULL,
	`expires_at` integer NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `sessions_expiry` ON `sessions` (`expires_at`);--> statement-breakpoint
CREATE TABLE `earlier_metrics` (
	`product_ref` text NOT NULL,
	`until` integer NOT NULL,
	`metric` text NOT NULL,
	PRIMARY KEY(`product_ref`, `until`)
);
--> statement-breakpoint
CREATE TABLE `price_books` (
	`ref` text NOT NULL,
	`version` integer NOT NULL,
	`name` text NOT NULL,
	`prices` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`ref`, `version`)
);
--> statement-breakpoint
CREATE TABLE `products` (
	`ref` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`kind` text NOT NULL,
	`metric` text,
	`unit_name` text,
	`tax_code` text,
	`recognition` text NOT NULL,
	`revenue` text,
	`grants_credit` text,
	`origin` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `sandbox_clock` (
	`id` integer PRIMARY KEY NOT NULL,
	`offset_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `presented_positions` (
	`source_id` text NOT NULL,
	`books` text NOT NULL,
	`entity_ref` text NOT NULL,
	`month` text NOT NULL,
	`currency` text NOT NULL,
	`contract_ref` text NOT NULL,
	`customer_ref` text,
	`run` integer NOT NULL,
	`through` integer NOT NULL,
	`net` integer NOT NULL,
	`accrued` integer NOT NULL,
	`not_due` integer NOT NULL,
	`unpaid` integer NOT NULL,
	`is_contract` integer NOT NULL,
	`expected_back` integer NOT NULL,
	`beside` text,
	`recorded_at` integer NOT NULL,
	PRIMARY KEY(`source_id`, `books`)
);
--> statement-breakpoint
CREATE INDEX `presented_positions_month` ON `presented_positions` (`entity_ref`,`month`);--> statement-breakpoint
CREATE TABLE `contract_attachments` (
	`id` text PRIMARY KEY NOT NULL,
	`contract_ref` text NOT NULL,
	`name` text NOT NULL,
	`content_type` text NOT NULL,
	`size` integer NOT NULL,
	`sha256` text NOT NULL,
	`actor` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `contract_attachments_contract` ON `contract_attachments` (`contract_ref`);--> statement-breakpoint
CREATE TABLE `contract_versions` (
	`contract_ref` text NOT NULL,
	`version` integer NOT NULL,
	`effective_date` text NOT NULL,
	`from_boundary` integer NOT NULL,
	`terms` text NOT NULL,
	`reason` text,
	`actor` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`contract_ref`, `version`)
);
--> statement-breakpoint
CREATE TABLE `contracts` (
	`ref` text PRIMARY KEY NOT NULL,
	`number` text NOT NULL,
	`customer_ref` text NOT NULL,
	`entity_ref` text NOT NULL,
	`status` text NOT NULL,
	`version` integer NOT NULL,
	`signed_version` integer,
	`terms` text NOT NULL,
	`next_cycle` integer NOT NULL,
	`next_close_at` integer,
	`renews_at` integer,
	`bills_change_at` integer,
	`claim_token` text,
	`claimed_until` integer,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `contracts_number_unique` ON `contracts` (`number`);--> statement-breakpoint
CREATE INDEX `contracts_due` ON `contracts` (`next_close_at`);--> statement-breakpoint
CREATE INDEX `contracts_changed` ON `contracts` (`bills_change_at`) WHERE bills_change_at IS NOT NULL;--> statement-breakpoint
CREATE INDEX `contracts_renewal` ON `contracts` (`renews_at`);--> statement-breakpoint
CREATE INDEX `contracts_claim` ON `contracts` (`claim_token`);--> statement-breakpoint
CREATE INDEX `contracts_customer` ON `contracts` (`customer_ref`);--> statement-breakpoint
CREATE INDEX `contracts_billed_by` ON `contracts` (`entity_ref`,`ref`) WHERE next_close_at IS NOT NULL;--> statement-breakpoint
CREATE TABLE `credit_grants` (
	`ref` text PRIMARY KEY NOT NULL,
	`customer_ref` text NOT NULL,
	`entity_ref` text NOT NULL,
	`timezone` text NOT NULL,
	`currency` text NOT NULL,
	`name` text NOT NULL,
	`kind` text NOT NULL,
	`amount` integer NOT NULL,
	`cost_basis` integer NOT NULL,
	`money_account` text,
	`before_tax` integer NOT NULL,
	`priority` integer NOT NULL,
	`effective_at` integer NOT NULL,
	`expires_at` integer,
	`billed_within_days` integer NOT NULL,
	`contract_refs` text,
	`product_refs` text,
	`overage` text NOT NULL,
	`expected_use` integer,
	`recurrence` text,
	`source` text NOT NULL,
	`source_id` text NOT NULL,
	`invoice_id` text,
	`on_payment` integer NOT NULL,
	`occurrence` integer NOT NULL,
	`created_at` integer NOT NULL,
	`due_at` integer
);
--> statement-breakpoint
CREATE INDEX `credit_grants_customer` ON `credit_grants` (`customer_ref`,`currency`);--> statement-breakpoint
CREATE INDEX `credit_grants_due` ON `credit_grants` (`due_at`);--> statement-breakpoint
CREATE INDEX `credit_grants_invoice` ON `credit_grants` (`invoice_id`);--> statement-breakpoint
CREATE TABLE `credit_movements` (
	`grant_ref` text NOT NULL,
	`sequence` integer NOT NULL,
	`id` text NOT NULL,
	`kind` text NOT NULL,
	`amount` integer NOT NULL,
	`released` integer NOT NULL,
	`invoice_id` text,
	`settlement` text,
	`reason` text,
	`actor` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`grant_ref`, `sequence`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `credit_movements_id_unique` ON `credit_movements` (`id`);--> statement-breakpoint
CREATE INDEX `credit_movements_invoice` ON `credit_movements` (`invoice_id`);--> statement-breakpoint
CREATE TABLE `customers` (
	`ref` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`legal_name` text,
	`email` text,
	`tax_id` text,
	`country` text,
	`address` text NOT NULL,
	`currency` text,
	`entity_ref` text,
	`tax_percent` text,
	`net_terms` integer,
	`auto_charge` integer NOT NULL,
	`stripe_customer_id` text,
	`stripe_payment_method_id` text,
	`profile` text,
	`custom_fields` text NOT NULL,
	`origin` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `legal_entities` (
	`ref` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`legal_name` text NOT NULL,
	`tax_id` text,
	`email` text,
	`address` text NOT NULL,
	`currency` text NOT NULL,
	`functional_currency` text,
	`fx_source` text NOT NULL,
	`timezone` text NOT NULL,
	`framework` text NOT NULL,
	`invoice_series` text NOT NULL,
	`rounding` text NOT NULL,
	`short_payment` text,
	`bank_accounts` text NOT NULL,
	`wallets` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `dead_letters` (
	`id` text PRIMARY KEY NOT NULL,
	`body` text NOT NULL,
	`received_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `outbox` (
	`id` text PRIMARY KEY NOT NULL,
	`topic` text NOT NULL,
	`payload` text NOT NULL,
	`state` text NOT NULL,
	`attempts` integer NOT NULL,
	`due_at` integer NOT NULL,
	`dispatched_at` integer,
	`last_error` text,
	`created_at` integer NOT NULL,
	`done_at` integer
);
--> statement-breakpoint
CREATE INDEX `outbox_due` ON `outbox` (`state`,`due_at`);--> statement-breakpoint
CREATE TABLE `allocations` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`payment_id` text,
	`grant_id` text,
	`credit_note_id` text,
	`invoice_id` text NOT NULL,
	`amount` integer NOT NULL,
	`reverses` text,
	`rule` text NOT NULL,
	`explanation` text NOT NULL,
	`actor` text NOT NULL,
	`created_at` integer NOT NULL,
	`taxes` text
);
--> statement-breakpoint
CREATE INDEX `allocations_payment` ON `allocations` (`payment_id`);--> statement-breakpoint
CREATE INDEX `allocations_invoice` ON `allocations` (`invoice_id`);--> statement-breakpoint
CREATE INDEX `allocations_reverses` ON `allocations` (`reverses`);--> statement-breakpoint
CREATE INDEX `allocations_given_up` ON `allocations` (`invoice_id`) WHERE kind IN ('write_off', 'void');--> statement-breakpoint
CREATE TABLE `credit_notes` (
	`id` text PRIMARY KEY NOT NULL,
	`entity_ref` text NOT NULL,
	`series` text NOT NULL,
	`sequence` integer NOT NULL,
	`number` text NOT NULL,
	`invoice_id` text NOT NULL,
	`customer_ref` text NOT NULL,
	`contract_ref` text NOT NULL,
	`currency` text NOT NULL,
	`issue_date` text NOT NULL,
	`cause` text NOT NULL,
	`reason` text NOT NULL,
	`sub_total` integer NOT NULL,
	`total_tax` integer NOT NULL,
	`total` integer NOT NULL,
	`taxes` text NOT NULL,
	`released` integer NOT NULL,
	`content_hash` text NOT NULL,
	`issued_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `credit_notes_number` ON `credit_notes` (`entity_ref`,`series`,`sequence`);--> statement-breakpoint
CREATE INDEX `credit_notes_invoice` ON `credit_notes` (`invoice_id`);--> statement-breakpoint
CREATE INDEX `credit_notes_customer` ON `credit_notes` (`customer_ref`);--> statement-breakpoint
CREATE INDEX `credit_notes_number_text` ON `credit_notes` (`number`);--> statement-breakpoint
CREATE TABLE `line_reversals` (
	`id` text PRIMARY KEY NOT NULL,
	`line_id` text NOT NULL,
	`invoice_id` text NOT NULL,
	`cause` text NOT NULL,
	`source_id` text NOT NULL,
	`position` integer NOT NULL,
	`product_ref` text NOT NULL,
	`description` text NOT NULL,
	`amount` integer NOT NULL,
	`tax` integer NOT NULL,
	`taxes` text NOT NULL,
	`service_start` text NOT NULL,
	`service_end` text NOT NULL,
	`usage_by_month` text NOT NULL,
	`booked_from` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `line_reversals_line` ON `line_reversals` (`line_id`);--> statement-breakpoint
CREATE INDEX `line_reversals_source` ON `line_reversals` (`source_id`);--> statement-breakpoint
CREATE INDEX `line_reversals_invoice` ON `line_reversals` (`invoice_id`);--> statement-breakpoint
CREATE TABLE `customer_credits` (
	`id` text PRIMARY KEY NOT NULL,
	`payment_id` text NOT NULL,
	`customer_ref` text NOT NULL,
	`entity_ref` text NOT NULL,
	`currency` text NOT NULL,
	`amount` integer NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `customer_credits_payment` ON `customer_credits` (`payment_id`);--> statement-breakpoint
CREATE INDEX `customer_credits_customer` ON `customer_credits` (`customer_ref`);--> statement-breakpoint
CREATE TABLE `credit_parts` (
	`id` text PRIMARY KEY NOT NULL,
	`movement_id` text NOT NULL,
	`grant_ref` text NOT NULL,
	`invoice_id` text NOT NULL,
	`contract_ref` text NOT NULL,
	`line_id` text NOT NULL,
	`product_ref` text NOT NULL,
	`paid` integer NOT NULL,
	`amount` integer NOT NULL,
	`service_start` text NOT NULL,
	`service_end` text NOT NULL,
	`usage_by_month` text NOT NULL,
	`booked_from` text
);
--> statement-breakpoint
CREATE INDEX `credit_parts_invoice` ON `credit_parts` (`invoice_id`);--> statement-breakpoint
CREATE INDEX `credit_parts_movement` ON `credit_parts` (`movement_id`);--> statement-breakpoint
CREATE INDEX `credit_parts_contract` ON `credit_parts` (`contract_ref`);--> statement-breakpoint
CREATE TABLE `cycle_closes` (
	`contract_ref` text NOT NULL,
	`cycle_no` integer NOT NULL,
	`sealed` text,
	`held_back` text NOT NULL,
	`held_changes` text NOT NULL,
	`owed_credits` text NOT NULL,
	`closed_at` integer NOT NULL,
	PRIMARY KEY(`contract_ref`, `cycle_no`)
);
--> statement-breakpoint
CREATE TABLE `invoice_lines` (
	`id` text PRIMARY KEY NOT NULL,
	`invoice_id` text NOT NULL,
	`contract_ref` text NOT NULL,
	`position` integer NOT NULL,
	`kind` text NOT NULL,
	`product_ref` text NOT NULL,
	`description` text NOT NULL,
	`service_start` text NOT NULL,
	`service_end` text NOT NULL,
	`service_cycle_no` integer NOT NULL,
	`quantity` text NOT NULL,
	`unit_amount` text,
	`price_key` text,
	`amount` integer NOT NULL,
	`discount` integer NOT NULL,
	`net_amount` integer NOT NULL,
	`tax_percent` text NOT NULL,
	`taxes` text NOT NULL,
	`detail` text NOT NULL,
	`usage_by_month` text NOT NULL,
	`sells_credit` text
);
--> statement-breakpoint
CREATE INDEX `invoice_lines_invoice` ON `invoice_lines` (`invoice_id`);--> statement-breakpoint
CREATE INDEX `invoice_lines_service` ON `invoice_lines` (`contract_ref`,`product_ref`,`service_cycle_no`);--> statement-breakpoint
CREATE TABLE `invoices` (
	`id` text PRIMARY KEY NOT NULL,
	`entity_ref` text NOT NULL,
	`series` text NOT NULL,
	`sequence` integer NOT NULL,
	`number` text NOT NULL,
	`customer_ref` text NOT NULL,
	`contract_ref` text NOT NULL,
	`cycle_no` integer NOT NULL,
	`product_ref` text NOT NULL,
	`change_no` integer NOT NULL,
	`currency` text NOT NULL,
	`issue_date` text NOT NULL,
	`due_date` text NOT NULL,
	`period_start` text NOT NULL,
	`period_end` text NOT NULL,
	`net_terms` integer NOT NULL,
	`sub_total` integer NOT NULL,
	`total_discount` integer NOT NULL,
	`discounts` text NOT NULL,
	`total_tax` integer NOT NULL,
	`total` integer NOT NULL,
	`credits_amount` integer NOT NULL,
	`credits_used` text NOT NULL,
	`taxes` text NOT NULL,
	`parties` text NOT NULL,
	`early_payment` text,
	`payment_methods` text NOT NULL,
	`payment_reference` text NOT NULL,
	`content_hash` text NOT NULL,
	`issued_at` integer NOT NULL,
	`origin` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `invoices_number` ON `invoices` (`entity_ref`,`series`,`sequence`);--> statement-breakpoint
CREATE UNIQUE INDEX `invoices_cycle` ON `invoices` (`contract_ref`,`cycle_no`,`product_ref`,`change_no`) WHERE origin IS NULL;--> statement-breakpoint
CREATE UNIQUE INDEX `invoices_reference` ON `invoices` (`entity_ref`,`payment_reference`);--> statement-breakpoint
CREATE INDEX `invoices_customer` ON `invoices` (`customer_ref`,`issued_at`);--> statement-breakpoint
CREATE INDEX `invoices_contract` ON `invoices` (`contract_ref`);--> statement-breakpoint
CREATE INDEX `invoices_day` ON `invoices` (`entity_ref`,`issue_date`);--> statement-breakpoint
CREATE INDEX `invoices_issued` ON `invoices` (`issued_at`);--> statement-breakpoint
CREATE INDEX `invoices_number_text` ON `invoices` (`number`);--> statement-breakpoint
CREATE TABLE `open_invoices` (
	`place` integer PRIMARY KEY NOT NULL
);
--> statement-breakpoint
CREATE TABLE `functional_amounts` (
	`entry_id` text NOT NULL,
	`line_no` integer NOT NULL,
	`account` text NOT NULL,
	`item` text,
	`day` text,
	`amount` integer NOT NULL,
	`functional_amount` integer NOT NULL,
	`customer_ref` text,
	`contract_ref` text,
	`invoice_id` text,
	PRIMARY KEY(`entry_id`, `line_no`)
);
--> statement-breakpoint
CREATE INDEX `functional_amounts_item` ON `functional_amounts` (`item`,`day`,`amount`,`functional_amount`);--> statement-breakpoint
CREATE TABLE `fx_fetches` (
	`source` text PRIMARY KEY NOT NULL,
	`asked_at` integer NOT NULL,
	`failure` text
);
--> statement-breakpoint
CREATE TABLE `fx_rates` (
	`source` text NOT NULL,
	`date` text NOT NULL,
	`base` text NOT NULL,
	`quote` text NOT NULL,
	`rate` text NOT NULL,
	`imported_at` integer NOT NULL,
	PRIMARY KEY(`source`, `date`, `base`, `quote`)
);
--> statement-breakpoint
CREATE TABLE `measurements` (
	`entry_id` text PRIMARY KEY NOT NULL,
	`currency` text NOT NULL,
	`rate` text,
	`rate_date` text,
	`rate_source` text,
	`measured_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `measurements_source` ON `measurements` (`rate_source`);--> statement-breakpoint
CREATE TABLE `position_groups` (
	`source_id` text NOT NULL,
	`entity_ref` text NOT NULL,
	`customer_ref` text NOT NULL,
	`currency` text NOT NULL,
	`contract_ref` text NOT NULL,
	`group_ref` text NOT NULL,
	`day` text NOT NULL,
	`books` text NOT NULL,
	`since` integer NOT NULL,
	PRIMARY KEY(`source_id`, `contract_ref`)
);
--> statement-breakpoint
CREATE INDEX `position_groups_contract` ON `position_groups` (`contract_ref`);--> statement-breakpoint
CREATE INDEX `position_groups_group` ON `position_groups` (`group_ref`);--> statement-breakpoint
CREATE INDEX `position_groups_entity` ON `position_groups` (`entity_ref`);--> statement-breakpoint
CREATE TABLE `unmeasured_entries` (
	`entry_id` text PRIMARY KEY NOT NULL,
	`book` text NOT NULL,
	`entity_ref` text NOT NULL,
	`currency` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `unmeasured_entries_books` ON `unmeasured_entries` (`entity_ref`,`currency`,`book`);--> statement-breakpoint
CREATE TABLE `account_names` (
	`entity_ref` text NOT NULL,
	`role` text NOT NULL,
	`number` text,
	`name` text NOT NULL,
	`dimensions` text NOT NULL,
	PRIMARY KEY(`entity_ref`, `role`)
);
--> statement-breakpoint
CREATE TABLE `accounting_periods` (
	`entity_ref` text NOT NULL,
	`month` text NOT NULL,
	`status` text NOT NULL,
	`reason` text,
	`changed_at` integer NOT NULL,
	`changed_by` text NOT NULL,
	PRIMARY KEY(`entity_ref`, `month`)
);
--> statement-breakpoint
CREATE TABLE `journal_entries` (
	`id` text PRIMARY KEY NOT NULL,
	`book` text DEFAULT 'primary' NOT NULL,
	`entity_ref` text NOT NULL,
	`posting_date` text NOT NULL,
	`event` text NOT NULL,
	`source_id` text NOT NULL,
	`currency` text NOT NULL,
	`description` text NOT NULL,
	`recorded_at` integer NOT NULL,
	`belongs_to` text,
	`posted_by` text,
	`reverses` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `journal_entries_source` ON `journal_entries` (`event`,`source_id`,`book`);--> statement-breakpoint
CREATE UNIQUE INDEX `journal_entries_reverses` ON `journal_entries` (`reverses`);--> statement-breakpoint
CREATE INDEX `journal_entries_date` ON `journal_entries` (`entity_ref`,`posting_date`);--> statement-breakpoint
CREATE INDEX `journal_entries_day` ON `journal_entries` (`posting_date`);--> statement-breakpoint
CREATE TABLE `postings` (
	`entry_id` text NOT NULL,
	`line_no` integer NOT NULL,
	`account` text NOT NULL,
	`amount` integer NOT NULL,
	`customer_ref` text,
	`contract_ref` text,
	`invoice_id` text,
	`product_ref` text,
	`payment_id` text,
	PRIMARY KEY(`entry_id`, `line_no`)
);
--> statement-breakpoint
CREATE INDEX `postings_account` ON `postings` (`account`,`entry_id`);--> statement-breakpoint
CREATE INDEX `postings_contract` ON `postings` (`contract_ref`) WHERE contract_ref IS NOT NULL;--> statement-breakpoint
CREATE INDEX `postings_customer` ON `postings` (`customer_ref`) WHERE customer_ref IS NOT NULL;--> statement-breakpoint
CREATE INDEX `postings_invoice` ON `postings` (`invoice_id`) WHERE invoice_id IS NOT NULL;--> statement-breakpoint
CREATE TABLE `month_end_balances` (
	`day` text NOT NULL,
	`entity_ref` text NOT NULL,
	`book` text NOT NULL,
	`currency` text NOT NULL,
	`account` text NOT NULL,
	`customer_ref` text,
	`contract_ref` text,
	`invoice_id` text,
	`product_ref` text,
	`payment_id` text,
	`is_presented` integer NOT NULL,
	`amount` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `month_end_balances_day` ON `month_end_balances` (`entity_ref`,`day`,`account`);--> statement-breakpoint
CREATE TABLE `month_end_functional` (
	`day` text NOT NULL,
	`entity_ref` text NOT NULL,
	`book` text NOT NULL,
	`currency` text NOT NULL,
	`account` text NOT NULL,
	`customer_ref` text,
	`contract_ref` text,
	`invoice_id` text,
	`amount` integer NOT NULL,
	`carried` integer NOT NULL,
	`remeasured` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `month_end_functional_day` ON `month_end_functional` (`entity_ref`,`day`,`account`);--> statement-breakpoint
CREATE TABLE `month_ends` (
	`entity_ref` text NOT NULL,
	`day` text NOT NULL,
	`through` integer NOT NULL,
	`measured_through` integer NOT NULL,
	`earliest` text,
	`counted_at` integer NOT NULL,
	PRIMARY KEY(`entity_ref`, `day`)
);
--> statement-breakpoint
CREATE TABLE `card_attempts` (
	`invoice_id` text NOT NULL,
	`attempt_no` integer NOT NULL,
	`amount` integer NOT NULL,
	`payment_intent_id` text,
	`outcome` text NOT NULL,
	`decline_code` text,
	`attempted_at` integer NOT NULL,
	PRIMARY KEY(`invoice_id`, `attempt_no`)
);
--> statement-breakpoint
CREATE INDEX `card_attempts_intent` ON `card_attempts` (`payment_intent_id`);--> statement-breakpoint
CREATE TABLE `checkout_sessions` (
	`id` text PRIMARY KEY NOT NULL,
	`invoice_id` text NOT NULL,
	`url` text NOT NULL,
	`amount` integer NOT NULL,
	`state` text NOT NULL,
	`expires_at` integer NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `checkout_sessions_invoice` ON `checkout_sessions` (`invoice_id`);--> statement-breakpoint
CREATE TABLE `stripe_events` (
	`id` text PRIMARY KEY NOT NULL,
	`type` text NOT NULL,
	`object_id` text NOT NULL,
	`received_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `disputes` (
	`id` text PRIMARY KEY NOT NULL,
	`payment_id` text NOT NULL,
	`currency` text NOT NULL,
	`amount` integer NOT NULL,
	`fee` integer NOT NULL,
	`credit_taken` integer NOT NULL,
	`reason` text NOT NULL,
	`state` text NOT NULL,
	`opened_at` integer NOT NULL,
	`closed_at` integer
);
--> statement-breakpoint
CREATE INDEX `disputes_payment` ON `disputes` (`payment_id`);--> statement-breakpoint
CREATE TABLE `payouts` (
	`id` text PRIMARY KEY NOT NULL,
	`processor_ref` text NOT NULL,
	`entity_ref` text NOT NULL,
	`currency` text NOT NULL,
	`amount` integer NOT NULL,
	`total` integer NOT NULL,
	`state` text NOT NULL,
	`arrives_on` text NOT NULL,
	`descriptor` text,
	`trace_id` text,
	`recorded_at` integer NOT NULL,
	`paid_at` integer,
	`returned_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `payouts_processor` ON `payouts` (`processor_ref`,`entity_ref`);--> statement-breakpoint
CREATE INDEX `payouts_recorded` ON `payouts` (`recorded_at`);--> statement-breakpoint
CREATE INDEX `payouts_entity` ON `payouts` (`entity_ref`,`arrives_on`);--> statement-breakpoint
CREATE TABLE `processor_transactions` (
	`id` text PRIMARY KEY NOT NULL,
	`entity_ref` text NOT NULL,
	`payment_id` text,
	`customer_ref` text,
	`type` text NOT NULL,
	`origin_currency` text NOT NULL,
	`origin_amount` integer NOT NULL,
	`currency` text NOT NULL,
	`amount` integer NOT NULL,
	`fee` integer NOT NULL,
	`moved_on` text NOT NULL,
	`payout_id` text,
	`recorded_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `processor_transactions_payment` ON `processor_transactions` (`payment_id`);--> statement-breakpoint
CREATE INDEX `processor_transactions_payout` ON `processor_transactions` (`payout_id`);--> statement-breakpoint
CREATE TABLE `chain_cursors` (
	`chain_id` integer PRIMARY KEY NOT NULL,
	`finalized_block` integer NOT NULL,
	`latest_block` integer NOT NULL,
	`read_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `chain_transfers` (
	`id` text PRIMARY KEY NOT NULL,
	`chain_id` integer NOT NULL,
	`tx_hash` text NOT NULL,
	`ordinal` integer NOT NULL,
	`invoice_id` text NOT NULL,
	`token` text NOT NULL,
	`symbol` text NOT NULL,
	`decimals` integer NOT NULL,
	`currency` text NOT NULL,
	`sender` text NOT NULL,
	`recipient` text NOT NULL,
	`units` text NOT NULL,
	`block_number` integer NOT NULL,
	`block_hash` text NOT NULL,
	`state` text NOT NULL,
	`payment_id` text,
	`seen_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `chain_transfers_place` ON `chain_transfers` (`chain_id`,`tx_hash`,`ordinal`);--> statement-breakpoint
CREATE INDEX `chain_transfers_invoice` ON `chain_transfers` (`invoice_id`);--> statement-breakpoint
CREATE INDEX `chain_transfers_state` ON `chain_transfers` (`chain_id`,`state`);--> statement-breakpoint
CREATE TABLE `deposit_addresses` (
	`invoice_id` text PRIMARY KEY NOT NULL,
	`wallet_id` text NOT NULL,
	`xpub` text NOT NULL,
	`derivation_index` integer NOT NULL,
	`address` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `deposit_addresses_address_unique` ON `deposit_addresses` (`address`);--> statement-breakpoint
CREATE UNIQUE INDEX `deposit_addresses_index` ON `deposit_addresses` (`xpub`,`derivation_index`);--> statement-breakpoint
CREATE TABLE `token_receipts` (
	`payment_id` text PRIMARY KEY NOT NULL,
	`token` text NOT NULL,
	`currency` text NOT NULL,
	`received_on` text NOT NULL,
	`amount` integer NOT NULL,
	`rate` text,
	`valued` integer,
	`fair_value` integer,
	`valued_at` integer
);
--> statement-breakpoint
CREATE INDEX `token_receipts_at_par` ON `token_receipts` (`received_on`,`token`,`currency`) WHERE "token_receipts"."fair_value" is null;--> statement-breakpoint
CREATE TABLE `matches` (
	`payment_id` text PRIMARY KEY NOT NULL,
	`rule` text NOT NULL,
	`explanation` text NOT NULL,
	`actor` text NOT NULL,
	`decided_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `payments` (
	`id` text PRIMARY KEY NOT NULL,
	`rail` text NOT NULL,
	`external_key` text NOT NULL,
	`entity_ref` text NOT NULL,
	`customer_ref` text,
	`currency` text NOT NULL,
	`amount` integer NOT NULL,
	`received_on` text NOT NULL,
	`payer` text NOT NULL,
	`reference` text NOT NULL,
	`recorded_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `payments_external` ON `payments` (`rail`,`external_key`);--> statement-breakpoint
CREATE INDEX `payments_recorded` ON `payments` (`recorded_at`);--> statement-breakpoint
CREATE INDEX `payments_received` ON `payments` (`received_on`);--> statement-breakpoint
CREATE INDEX `payments_customer` ON `payments` (`customer_ref`);--> statement-breakpoint
CREATE INDEX `payments_payer` ON `payments` ("payer" ->> '$.account');--> statement-breakpoint
CREATE TABLE `unapplied_payments` (
	`place` integer PRIMARY KEY NOT NULL
);
--> statement-breakpoint
CREATE TABLE `refunds` (
	`id` text PRIMARY KEY NOT NULL,
	`payment_id` text NOT NULL,
	`kind` text NOT NULL,
	`currency` text NOT NULL,
	`amount` integer NOT NULL,
	`from_unapplied` integer NOT NULL,
	`fee` integer NOT NULL,
	`carried` integer,
	`state` text NOT NULL,
	`processor_ref` text,
	`reason` text NOT NULL,
	`actor` text NOT NULL,
	`paid_on` text NOT NULL,
	`created_at` integer NOT NULL,
	`ended_at` integer
);
--> statement-breakpoint
CREATE INDEX `refunds_payment` ON `refunds` (`payment_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `refunds_processor` ON `refunds` (`processor_ref`);--> statement-breakpoint
CREATE TABLE `bank_entries` (
	`id` text PRIMARY KEY NOT NULL,
	`statement_id` text NOT NULL,
	`booking_id` text NOT NULL,
	`account` text NOT NULL,
	`booked_on` text NOT NULL,
	`amount` integer NOT NULL,
	`currency` text NOT NULL,
	`reference` text NOT NULL,
	`payer_name` text,
	`payer_account` text,
	`payment_id` text,
	`payout_ref` text
);
--> statement-breakpoint
CREATE INDEX `bank_entries_statement` ON `bank_entries` (`statement_id`);--> statement-breakpoint
CREATE INDEX `bank_entries_booking` ON `bank_entries` (`booking_id`);--> statement-breakpoint
CREATE INDEX `bank_entries_payout` ON `bank_entries` (`payout_ref`);--> statement-breakpoint
CREATE TABLE `bank_statements` (
	`id` text PRIMARY KEY NOT NULL,
	`format` text NOT NULL,
	`entity_ref` text NOT NULL,
	`file_key` text NOT NULL,
	`entry_count` integer NOT NULL,
	`received_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `accrual_passes` (
	`entity_ref` text PRIMARY KEY NOT NULL,
	`month` text NOT NULL,
	`through_ref` text NOT NULL,
	`is_awaited` integer NOT NULL,
	`done_at` integer
);
--> statement-breakpoint
CREATE TABLE `accrued_credit` (
	`contract_ref` text NOT NULL,
	`grant_ref` text NOT NULL,
	`customer_ref` text NOT NULL,
	`amount` integer NOT NULL,
	PRIMARY KEY(`contract_ref`, `grant_ref`)
);
--> statement-breakpoint
CREATE INDEX `accrued_credit_customer` ON `accrued_credit` (`customer_ref`);--> statement-breakpoint
CREATE TABLE `revenue_contracts` (
	`ref` text PRIMARY KEY NOT NULL,
	`entity_ref` text NOT NULL,
	`customer_ref` text NOT NULL,
	`currency` text NOT NULL,
	`signed_version` integer NOT NULL,
	`group_ref` text NOT NULL,
	`basis` text,
	`basis_reason` text,
	`products` text NOT NULL,
	`covers` text NOT NULL,
	`problem` text,
	`stale` integer NOT NULL,
	`step` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `revenue_contracts_stale` ON `revenue_contracts` (`group_ref`) WHERE stale = 1;--> statement-breakpoint
CREATE INDEX `revenue_contracts_group` ON `revenue_contracts` (`group_ref`);--> statement-breakpoint
CREATE INDEX `revenue_contracts_entity` ON `revenue_contracts` (`entity_ref`);--> statement-breakpoint
CREATE TABLE `revenue_facts` (
	`id` text PRIMARY KEY NOT NULL,
	`contract_ref` text NOT NULL,
	`effective_date` text NOT NULL,
	`body` text NOT NULL,
	`reason` text,
	`actor` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `revenue_facts_contract` ON `revenue_facts` (`contract_ref`);--> statement-breakpoint
CREATE TABLE `revenue_schedule_entries` (
	`id` text PRIMARY KEY NOT NULL,
	`line_id` text NOT NULL,
	`month` text NOT NULL,
	`posting_date` text NOT NULL,
	`amount` integer NOT NULL,
	`cause` text NOT NULL,
	`due_at` integer NOT NULL,
	`posted_at` integer
);
--> statement-breakpoint
CREATE INDEX `revenue_schedule_entries_line` ON `revenue_schedule_entries` (`line_id`);--> statement-breakpoint
CREATE INDEX `revenue_schedule_entries_month` ON `revenue_schedule_entries` (`month`);--> statement-breakpoint
CREATE INDEX `revenue_schedule_entries_due` ON `revenue_schedule_entries` (`posted_at`,`due_at`,`id`);--> statement-breakpoint
CREATE TABLE `revenue_schedules` (
	`line_id` text PRIMARY KEY NOT NULL,
	`invoice_id` text,
	`accrual` text,
	`accrued_for` text,
	`boundary` integer,
	`booked_on` text,
	`book` text NOT NULL,
	`entity_ref` text NOT NULL,
	`customer_ref` text NOT NULL,
	`contract_ref` text NOT NULL,
	`product_ref` text NOT NULL,
	`currency` text NOT NULL,
	`method` text NOT NULL,
	`amount` integer NOT NULL,
	`service_start` text NOT NULL,
	`service_end` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `revenue_schedules_contract` ON `revenue_schedules` (`contract_ref`);--> statement-breakpoint
CREATE INDEX `revenue_schedules_invoice` ON `revenue_schedules` (`invoice_id`);--> statement-breakpoint
CREATE INDEX `revenue_schedules_accruals` ON `revenue_schedules` (`accrual`,`contract_ref`) WHERE accrual IS NOT NULL;--> statement-breakpoint
CREATE TABLE `ssp_books` (
	`entity_ref` text NOT NULL,
	`version` integer NOT NULL,
	`effective_date` text NOT NULL,
	`entries` text NOT NULL,
	`bundles` text NOT NULL,
	`approved_by` text NOT NULL,
	`actor` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`entity_ref`, `version`)
);
--> statement-breakpoint
CREATE TABLE `unscheduled_lines` (
	`line_id` text PRIMARY KEY NOT NULL
);
--> statement-breakpoint
CREATE TABLE `late_usage` (
	`contract_ref` text PRIMARY KEY NOT NULL,
	`received_on` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `usage_formats` (
	`name` text PRIMARY KEY NOT NULL,
	`fields` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `overdue_told` (
	`entity_ref` text PRIMARY KEY NOT NULL,
	`due_before` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `unannounced_events` (
	`type` text NOT NULL,
	`source_id` text NOT NULL,
	`subject_id` text NOT NULL,
	`at` integer,
	PRIMARY KEY(`type`, `source_id`)
);
--> statement-breakpoint
CREATE INDEX `unannounced_events_subject` ON `unannounced_events` (`subject_id`);--> statement-breakpoint
CREATE TABLE `webhook_attempts` (
	`delivery_id` text NOT NULL,
	`at` integer NOT NULL,
	`status` integer,
	`latency_ms` integer NOT NULL,
	`answer` text NOT NULL,
	PRIMARY KEY(`delivery_id`, `at`)
);
--> statement-breakpoint
CREATE INDEX `webhook_attempts_age` ON `webhook_attempts` (`at`);--> statement-breakpoint
CREATE TABLE `webhook_deliveries` (
	`id` text PRIMARY KEY NOT NULL,
	`webhook_ref` text NOT NULL,
	`event_id` text NOT NULL,
	`state` text NOT NULL,
	`attempts` integer NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `webhook_deliveries_webhook` ON `webhook_deliveries` (`webhook_ref`);--> statement-breakpoint
CREATE INDEX `webhook_deliveries_waiting` ON `webhook_deliveries` (`webhook_ref`) WHERE state = 'waiting';--> statement-breakpoint
CREATE INDEX `webhook_deliveries_age` ON `webhook_deliveries` (`created_at`);--> statement-breakpoint
CREATE TABLE `webhook_events` (
	`id` text PRIMARY KEY NOT NULL,
	`type` text NOT NULL,
	`body` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `webhook_events_age` ON `webhook_events` (`created_at`);--> statement-breakpoint
CREATE TABLE `webhooks` (
	`ref` text PRIMARY KEY NOT NULL,
	`url` text NOT NULL,
	`events` text,
	`description` text,
	`state` text NOT NULL,
	`paused_by` text,
	`seeds` text NOT NULL,
	`failing_since` integer,
	`rests_until` integer,
	`created_at` integer NOT NULL
);
