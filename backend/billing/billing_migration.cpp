#include "backend/billing/billing.h"
#include "backend/journal/schema.h"

#include <array>

namespace quittance::backend {

namespace {

// What a draft is made of is replaced with it; what an issued bill is made of has frozen = 1. What
// is paid changes, so it stands apart, in bill_balance. A bill's parts name its account too: every
// big table is keyed by account first.
constexpr std::string_view script = R"(
CREATE TABLE number_series (
    legal_entity_id BIGINT NOT NULL REFERENCES legal_entity (id),
    series TEXT NOT NULL,
    next_number BIGINT NOT NULL CHECK (next_number > 1),
    PRIMARY KEY (legal_entity_id, series)
) $WITHOUT_ROWID$;
CREATE TABLE bill (
    id $ID$,
    account_id BIGINT NOT NULL REFERENCES account (id),
    kind BIGINT NOT NULL CHECK (kind IN (1, 2, 3)),
    charge TEXT NOT NULL,
    period_month BIGINT NOT NULL,
    period_begin BIGINT NOT NULL,
    period_end BIGINT NOT NULL CHECK (period_end > period_begin),
    time_zone TEXT NOT NULL,
    zone_version TEXT NOT NULL,
    currency TEXT NOT NULL,
    plan TEXT NOT NULL,
    plan_version_max BIGINT NOT NULL,
    usage_batch BIGINT NOT NULL,
    usage_events BIGINT NOT NULL,
    tax_category TEXT NOT NULL,
    tax_millionths BIGINT NOT NULL CHECK (tax_millionths >= 0),
    tax_rounding BIGINT NOT NULL,
    net_minor BIGINT NOT NULL,
    tax_minor BIGINT NOT NULL,
    total_minor BIGINT NOT NULL CHECK (total_minor = net_minor + tax_minor),
    line_count BIGINT NOT NULL,
    legal_entity_id BIGINT REFERENCES legal_entity (id),
    language TEXT NOT NULL,
    payment_days BIGINT NOT NULL,
    profile_version BIGINT NOT NULL,
    terms_version BIGINT NOT NULL,
    bank_details TEXT NOT NULL,
    tax_note TEXT NOT NULL,
    missing_fields TEXT NOT NULL,
    series TEXT,
    number TEXT,
    issued_at BIGINT,
    issued_day BIGINT,
    due_day BIGINT,
    UNIQUE (account_id, id),
    UNIQUE (account_id, kind, period_begin, charge),
    UNIQUE (legal_entity_id, series, number),
    CHECK ((issued_at IS NULL) = (number IS NULL) AND (issued_at IS NULL) = (series IS NULL)
        AND (issued_at IS NULL) = (issued_day IS NULL) AND (issued_at IS NULL) = (due_day IS NULL)),
    CHECK (number IS NULL OR legal_entity_id IS NOT NULL)
);
CREATE INDEX bill_by_number ON bill (number);
CREATE TABLE bill_balance (
    account_id BIGINT NOT NULL,
    bill_id BIGINT NOT NULL,
    state BIGINT NOT NULL CHECK (state BETWEEN 1 AND 6),
    open_minor BIGINT NOT NULL,
    in_objection_minor BIGINT NOT NULL CHECK (in_objection_minor >= 0),
    PRIMARY KEY (account_id, bill_id),
    FOREIGN KEY (account_id, bill_id) REFERENCES bill (account_id, id)
) $WITHOUT_ROWID$;
CREATE TABLE bill_party (
    account_id BIGINT NOT NULL,
    bill_id BIGINT NOT NULL,
    role BIGINT NOT NULL CHECK (role IN (1, 2)),
    legal_name TEXT NOT NULL,
    address_lines TEXT NOT NULL,
    country TEXT NOT NULL,
    tax_ids TEXT NOT NULL,
    purchase_order TEXT NOT NULL,
    buyer_reference TEXT NOT NULL,
    email TEXT NOT NULL,
    frozen BIGINT NOT NULL,
    PRIMARY KEY (account_id, bill_id, role),
    FOREIGN KEY (account_id, bill_id) REFERENCES bill (account_id, id)
) $WITHOUT_ROWID$;
CREATE TABLE bill_plan (
    account_id BIGINT NOT NULL,
    bill_id BIGINT NOT NULL,
    plan TEXT NOT NULL,
    version BIGINT NOT NULL,
    sha256 $BYTES$ NOT NULL,
    frozen BIGINT NOT NULL,
    PRIMARY KEY (account_id, bill_id, plan, version),
    FOREIGN KEY (account_id, bill_id) REFERENCES bill (account_id, id)
) $WITHOUT_ROWID$;
CREATE TABLE bill_line (
    account_id BIGINT NOT NULL,
    bill_id BIGINT NOT NULL,
    line BIGINT NOT NULL CHECK (line > 0),
    sku TEXT NOT NULL,
    meter TEXT NOT NULL,
    service TEXT NOT NULL,
    name TEXT NOT NULL,
    period_begin BIGINT NOT NULL,
    period_end BIGINT NOT NULL CHECK (period_end > period_begin),
    quantity BIGINT NOT NULL,
    quantity_digits BIGINT NOT NULL,
    meter_unit TEXT NOT NULL,
    unit TEXT NOT NULL,
    per BIGINT NOT NULL CHECK (per > 0),
    rate_nanos BIGINT NOT NULL,
    discount_millionths BIGINT NOT NULL,
    discount_name TEXT NOT NULL,
    plan TEXT NOT NULL,
    plan_version BIGINT NOT NULL,
    tax_category TEXT NOT NULL,
    tax_millionths BIGINT NOT NULL CHECK (tax_millionths >= 0),
    net_minor BIGINT NOT NULL,
    frozen BIGINT NOT NULL,
    PRIMARY KEY (account_id, bill_id, line),
    UNIQUE (account_id, bill_id, meter, sku, period_begin),
    FOREIGN KEY (account_id, bill_id) REFERENCES bill (account_id, id)
) $WITHOUT_ROWID$;
CREATE TABLE bill_tax (
    account_id BIGINT NOT NULL,
    bill_id BIGINT NOT NULL,
    category TEXT NOT NULL,
    millionths BIGINT NOT NULL CHECK (millionths >= 0),
    net_minor BIGINT NOT NULL,
    tax_minor BIGINT NOT NULL,
    frozen BIGINT NOT NULL,
    PRIMARY KEY (account_id, bill_id, category, millionths),
    FOREIGN KEY (account_id, bill_id) REFERENCES bill (account_id, id)
) $WITHOUT_ROWID$;
CREATE TABLE cost_row (
    account_id BIGINT NOT NULL,
    bill_id BIGINT NOT NULL,
    line BIGINT NOT NULL,
    day BIGINT NOT NULL,
    project TEXT NOT NULL,
    resource TEXT NOT NULL,
    quantity BIGINT NOT NULL,
    amount_minor BIGINT NOT NULL,
    events BIGINT NOT NULL,
    frozen BIGINT NOT NULL,
    PRIMARY KEY (account_id, bill_id, line, day, project, resource),
    FOREIGN KEY (account_id, bill_id, line) REFERENCES bill_line (account_id, bill_id, line)
) $WITHOUT_ROWID$;
CREATE TABLE bill_document (
    account_id BIGINT NOT NULL,
    bill_id BIGINT NOT NULL,
    format TEXT NOT NULL,
    content $BYTES$ NOT NULL,
    sha256 $BYTES$ NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, bill_id, format),
    FOREIGN KEY (account_id, bill_id) REFERENCES bill (account_id, id)
);
)";

/// Of lines that have no single rate. A bill has few of them, or none.
constexpr std::string_view stepsScript = R"(
CREATE TABLE bill_line_step (
    account_id BIGINT NOT NULL,
    bill_id BIGINT NOT NULL,
    line BIGINT NOT NULL,
    step BIGINT NOT NULL CHECK (step > 0),
    kind BIGINT NOT NULL CHECK (kind BETWEEN 1 AND 9),
    tier BIGINT NOT NULL,
    name TEXT NOT NULL,
    quantity BIGINT NOT NULL,
    size BIGINT NOT NULL,
    rate_nanos BIGINT NOT NULL,
    millionths BIGINT NOT NULL,
    frozen BIGINT NOT NULL,
    PRIMARY KEY (account_id, bill_id, line, step),
    FOREIGN KEY (account_id, bill_id, line) REFERENCES bill_line (account_id, bill_id, line)
) $WITHOUT_ROWID$;
)";

/// Lines that correct an issued bill say what was billed before, which is their last step. What was
/// looked at is kept apart from them, since it may change no line.
constexpr std::string_view correctionsScript = R"(
CREATE TABLE bill_correction (
    account_id BIGINT NOT NULL,
    bill_id BIGINT NOT NULL,
    corrected_bill_id BIGINT NOT NULL,
    plan_version_max BIGINT NOT NULL,
    usage_events BIGINT NOT NULL,
    frozen BIGINT NOT NULL,
    PRIMARY KEY (account_id, bill_id, corrected_bill_id),
    FOREIGN KEY (account_id, bill_id) REFERENCES bill (account_id, id),
    FOREIGN KEY (account_id, corrected_bill_id) REFERENCES bill (account_id, id)
) $WITHOUT_ROWID$;
CREATE INDEX bill_correction_by_corrected ON bill_correction (account_id, corrected_bill_id);
CREATE TABLE bill_line_correction (
    account_id BIGINT NOT NULL,
    bill_id BIGINT NOT NULL,
    line BIGINT NOT NULL,
    corrected_bill_id BIGINT NOT NULL,
    billed_nanos BIGINT NOT NULL,
    frozen BIGINT NOT NULL,
    PRIMARY KEY (account_id, bill_id, line),
    FOREIGN KEY (account_id, bill_id, line) REFERENCES bill_line (account_id, bill_id, line),
    FOREIGN KEY (account_id, bill_id, corrected_bill_id)
        REFERENCES bill_correction (account_id, bill_id, corrected_bill_id)
) $WITHOUT_ROWID$;
)";

Result<> freeze(database::Transaction& tx, std::string_view table, std::string_view condition)
{
    for (const std::string& guard : tx.dialect().frozenWhere(table, condition))
        QUITTANCE_CHECK(tx.execute(guard));
    return {};
}

Result<> apply(database::Transaction& tx)
{
    QUITTANCE_CHECK(createSchema(tx, script, { "bill_document" }));
    constexpr std::array parts { "bill_party", "bill_plan", "bill_line", "bill_tax", "cost_row" };
    QUITTANCE_CHECK(freeze(tx, "bill", "OLD.issued_at IS NOT NULL"));
    for (const std::string_view part : parts)
        QUITTANCE_CHECK(freeze(tx, part, "OLD.frozen = 1"));
    return {};
}

Result<> applySteps(database::Transaction& tx)
{
    QUITTANCE_CHECK(createSchema(tx, stepsScript));
    return freeze(tx, "bill_line_step", "OLD.frozen = 1");
}

Result<> applyCorrections(database::Transaction& tx)
{
    QUITTANCE_CHECK(createSchema(tx, correctionsScript));
    QUITTANCE_CHECK(freeze(tx, "bill_correction", "OLD.frozen = 1"));
    return freeze(tx, "bill_line_correction", "OLD.frozen = 1");
}

} // namespace

database::Migration billingMigration(int number)
{
    return { number, "billing", apply };
}

database::Migration priceStepsMigration(int number)
{
    return { number, "price steps", applySteps };
}

database::Migration correctionsMigration(int number)
{
    return { number, "corrections", applyCorrections };
}

} // namespace quittance::backend
