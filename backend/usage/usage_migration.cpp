#include "backend/usage/usage.h"

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

} // namespace

database::Migration usageMigration(int number)
{
    return { number, "usage",
             [](database::Transaction& tx) { return database::runScript(tx, script); } };
}

} // namespace quittance::backend
