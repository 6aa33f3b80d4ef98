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

// Which scope was opened after which: the least recently opened goes first.
constexpr std::string_view openedColumn
    = "ALTER TABLE scope ADD COLUMN opened BIGINT NOT NULL DEFAULT 0";

Result<> addOpenedColumn(database::Transaction& tx)
{
    return database::runScript(tx, openedColumn);
}

// A page of bills is found and ordered in narrow rows and their indexes, one for each column that
// people sort by; only the rows that are shown are read whole. bill_sums has all that a filter and
// the sums under it need, so that both read nothing else.
constexpr std::string_view billPages = R"sql(
CREATE TABLE bill_summary (bill_id $ID$, data $BYTES$ NOT NULL);
INSERT INTO bill_summary (bill_id, data) SELECT id, summary FROM bill;
ALTER TABLE bill DROP COLUMN summary;
DROP INDEX bill_by_issued;
DROP INDEX bill_by_account;
CREATE INDEX bill_by_issued ON bill (issued, period_begin, id);
CREATE INDEX bill_by_account ON bill (account_id, issued, period_begin, id);
CREATE INDEX bill_by_name ON bill (account_name, id);
CREATE INDEX bill_by_period ON bill (period_begin, id);
CREATE INDEX bill_by_due ON bill (due, id);
CREATE INDEX bill_by_total ON bill (total_minor, id);
CREATE INDEX bill_by_open ON bill (open_minor, id);
CREATE INDEX bill_sums
    ON bill (currency, state, due, open_minor, issued, total_minor, month, account_id)
)sql";

Result<> createBillPages(database::Transaction& tx)
{
    return database::runScript(tx, billPages);
}

// Bills that were stored before their lines were searched by are loaded anew; until then they stay
// readable.
constexpr std::string_view searchedLines
    = "UPDATE scope SET complete = 0 WHERE scope LIKE 'bills:%'";

constexpr std::string_view intentTable = R"sql(
CREATE TABLE intent (
    key TEXT NOT NULL PRIMARY KEY,
    method TEXT NOT NULL,
    path TEXT NOT NULL,
    body TEXT NOT NULL,
    made_at BIGINT NOT NULL
)
)sql";

Result<> createIntentTable(database::Transaction& tx)
{
    return database::runScript(tx, intentTable);
}

// What each service of a bill cost on a day: charts over many accounts read few rows, and those of
// their days alone. cost_row stays what is looked into. Of the bills, few are still to be paid or
// void.
constexpr std::string_view costDays = R"sql(
CREATE TABLE cost_day (
    day BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    bill_id BIGINT NOT NULL,
    service TEXT NOT NULL,
    currency TEXT NOT NULL,
    amount_minor BIGINT NOT NULL,
    PRIMARY KEY (day, account_id, bill_id, service)
) $WITHOUT_ROWID$;
INSERT INTO cost_day (day, account_id, bill_id, service, currency, amount_minor)
    SELECT day, account_id, bill_id, service, MIN(currency), CAST(SUM(amount_minor) AS BIGINT)
    FROM cost_row GROUP BY day, account_id, bill_id, service;
CREATE INDEX cost_day_bill ON cost_day (bill_id);
CREATE INDEX bill_owed ON bill (currency, due, open_minor, account_id) WHERE state IN (2, 3);
CREATE INDEX bill_void ON bill (account_id) WHERE state = 5
)sql";

Result<> createCostDays(database::Transaction& tx)
{
    return database::runScript(tx, costDays);
}

Result<> searchLines(database::Transaction& tx)
{
    return database::runScript(tx, searchedLines);
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
        { 3, "opened scopes", addOpenedColumn },
        { 4, "bill pages", createBillPages },
        { 5, "searched lines", searchLines },
        { 6, "intents", createIntentTable },
        { 7, "cost days", createCostDays },
    };
    return migrations;
}

} // namespace quittance::client
