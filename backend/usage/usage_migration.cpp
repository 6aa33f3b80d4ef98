#include "backend/usage/partitions.h"
#include "backend/usage/usage.h"
#include "backend/usage/usage_months.h"

namespace quittance::backend {

namespace {

constexpr std::string_view script = R"(
CREATE TABLE usage_partition (
    month BIGINT PRIMARY KEY
);
CREATE TABLE usage_term (
    id $ID$,
    text TEXT NOT NULL UNIQUE
);
CREATE TABLE usage_batch_counter (
    account_id BIGINT PRIMARY KEY REFERENCES account (id),
    last BIGINT NOT NULL
);
)";

constexpr std::string_view monthsScript = R"(
CREATE TABLE usage_month (
    account_id BIGINT NOT NULL REFERENCES account (id),
    month BIGINT NOT NULL,
    events BIGINT NOT NULL CHECK (events >= 0),
    PRIMARY KEY (account_id, month)
) $WITHOUT_ROWID$;
)";

/// Counts what was there before there was the table.
Result<> applyMonths(database::Transaction& tx)
{
    QUITTANCE_CHECK(database::runScript(tx, monthsScript));
    QUITTANCE_TRY(const auto partitions, usagePartitions(tx));
    MonthEvents events;
    for (const Month partition : partitions)
        QUITTANCE_CHECK(addMonthEvents(tx, partition, events));
    return storeMonthEvents(tx, events);
}

} // namespace

database::Migration usageMigration(int number)
{
    return { number, "usage",
             [](database::Transaction& tx) { return database::runScript(tx, script); } };
}

database::Migration usageMonthsMigration(int number)
{
    return { number, "usage months", applyMonths };
}

} // namespace quittance::backend
