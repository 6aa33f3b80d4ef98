#include "client/store/store_schema.h"

namespace quittance::client {

namespace {

// bill holds what is sorted, filtered and summed; the whole bill stands in bill_data, so that a
// scan of bill reads no lines. cost_row is clustered by account and day: a chart reads one range.
constexpr std::string_view tables = R"sql(
CREATE TABLE scope (
    scope TEXT NOT NULL PRIMARY KEY,
    cursor BIGINT NOT NULL,
    synced_at BIGINT,
    complete BIGINT NOT NULL
);
CREATE TABLE stored_value (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE staged_item (
    id $ID$,
    scope TEXT NOT NULL,
    data $BYTES$ NOT NULL
);
CREATE INDEX staged_item_scope ON staged_item (scope, id);
CREATE TABLE account (
    id BIGINT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    currency TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    data $BYTES$ NOT NULL
);
CREATE TABLE person (
    id BIGINT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    data $BYTES$ NOT NULL
);
CREATE TABLE bill (
    id $ID$,
    account_id BIGINT NOT NULL,
    account_name TEXT NOT NULL,
    number TEXT NOT NULL,
    state BIGINT NOT NULL,
    month BIGINT NOT NULL,
    period_begin BIGINT NOT NULL,
    issued BIGINT,
    due BIGINT,
    currency TEXT NOT NULL,
    total_minor BIGINT NOT NULL,
    open_minor BIGINT NOT NULL,
    search TEXT NOT NULL,
    summary $BYTES$ NOT NULL
);
CREATE INDEX bill_by_issued ON bill (issued, id);
CREATE INDEX bill_by_account ON bill (account_id, issued, id);
CREATE INDEX bill_by_number ON bill (number);
CREATE TABLE bill_data (bill_id BIGINT NOT NULL PRIMARY KEY, data $BYTES$ NOT NULL);
CREATE TABLE cost_row (
    account_id BIGINT NOT NULL,
    day BIGINT NOT NULL,
    bill_id BIGINT NOT NULL,
    line BIGINT NOT NULL,
    project TEXT NOT NULL,
    resource TEXT NOT NULL,
    service TEXT NOT NULL,
    sku TEXT NOT NULL,
    currency TEXT NOT NULL,
    amount_minor BIGINT NOT NULL,
    PRIMARY KEY (account_id, day, bill_id, line, project, resource)
) $WITHOUT_ROWID$;
CREATE INDEX cost_row_bill ON cost_row (bill_id);
CREATE TABLE line_event (
    bill_id BIGINT NOT NULL,
    line BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    source TEXT NOT NULL,
    event_id TEXT NOT NULL,
    data $BYTES$ NOT NULL,
    PRIMARY KEY (bill_id, line, started_at, source, event_id)
) $WITHOUT_ROWID$;
CREATE TABLE document (
    bill_id BIGINT NOT NULL,
    format TEXT NOT NULL,
    saved_at BIGINT NOT NULL,
    bytes $BYTES$ NOT NULL,
    PRIMARY KEY (bill_id, format)
)
)sql";

constexpr std::string_view billingDetailTables = R"sql(
CREATE TABLE account_history (account_id BIGINT NOT NULL PRIMARY KEY, data $BYTES$ NOT NULL);
CREATE TABLE legal_entity (id BIGINT NOT NULL PRIMARY KEY, data $BYTES$ NOT NULL)
)sql";

Result<> createBillingDetailTables(database::Transaction& tx)
{
    return database::runScript(tx, billingDetailTables);
}

Result<> createTables(database::Transaction& tx)
{
    QUITTANCE_CHECK(database::runScript(tx, tables));
    return database::sqlite::createTextIndex(tx, billTextIndex());
}

} // namespace

const database::sqlite::TextIndex& billTextIndex()
{
    static const database::sqlite::TextIndex index { "bill", "id", { "search" } };
    return index;
}

const std::vector<database::Migration>& storeMigrations()
{
    static const std::vector<database::Migration> migrations {
        { 1, "store", createTables },
        { 2, "billing details", createBillingDetailTables },
    };
    return migrations;
}

} // namespace quittance::client
