#include "backend/pricing/pricing_queries.h"

#include "backend/journal/schema.h"
#include "backend/pricing/price_model_queries.h"

#include <map>
#include <utility>

namespace quittance::backend::pricing_queries {

namespace {

using database::Row;
using database::Transaction;
using database::Value;
using VersionKey = std::pair<std::string, std::int32_t>;

Result<PricePlan> planOf(const Row& row)
{
    int column = 0;
    PricePlan plan;
    plan.code = row.string(column);
    plan.version = row.int32(++column);
    plan.effective = Date { row.int32(++column) };
    QUITTANCE_TRY(plan.currency, Currency::find(row.text(++column)));
    plan.name = row.string(++column);
    return plan;
}

/// Begins after plan code and version.
Price priceOf(const Row& row)
{
    int column = 2;
    Price price;
    price.sku = row.string(column);
    price.meter = row.string(++column);
    price.service = row.string(++column);
    price.name = row.string(++column);
    price.unit = row.string(++column);
    price.per = row.integer(++column);
    price.rate = Rate { row.integer(++column) };
    price.discountMillionths = row.integer(++column);
    price.discountName = row.string(++column);
    return price;
}

Result<std::map<VersionKey, std::vector<Price>>>
readPrices(Transaction& tx, const std::string& condition, std::span<const Value> args)
{
    std::map<VersionKey, std::vector<Price>> prices;
    QUITTANCE_CHECK(tx.query(
        "SELECT plan_code, version, sku, meter, service, name, unit, per, rate_nanos,"
        " discount_millionths, discount_name FROM price"
            + condition + " ORDER BY plan_code, version, row_number",
        args,
        [&](const Row& row) -> Result<> {
            prices[{ row.string(0), row.int32(1) }].push_back(priceOf(row));
            return {};
        }
    ));
    return prices;
}

Result<>
insertPrice(Transaction& tx, const PricePlan& plan, std::int64_t rowNumber, const Price& price)
{
    QUITTANCE_CHECK(tx.execute(
        "INSERT INTO price (plan_code, version, row_number, sku, meter, service, name, unit,"
        " per, rate_nanos, discount_millionths, discount_name)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        { plan.code, std::int64_t { plan.version }, rowNumber, price.sku, price.meter,
          price.service, price.name, price.unit, price.per, price.rate.nanos,
          price.discountMillionths, price.discountName }
    ));
    return {};
}

} // namespace

Result<std::int64_t> lockPlan(Transaction& tx, std::string_view code)
{
    QUITTANCE_CHECK(tx.execute(
        "INSERT INTO price_plan (code) VALUES ($1) ON CONFLICT (code) DO NOTHING",
        { std::string(code) }
    ));
    // An update that changes nothing takes the row's lock in both engines.
    return tx.queryInteger(
        "UPDATE price_plan SET code = code WHERE code = $1 RETURNING id", { std::string(code) }
    );
}

Result<> insertVersion(Transaction& tx, const PricePlan& plan, Instant loadedAt)
{
    QUITTANCE_CHECK(tx.execute(
        "INSERT INTO price_plan_version (plan_code, version, effective_date,"
        " currency, name, loaded_at, has_models) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        { plan.code, std::int64_t { plan.version }, std::int64_t { plan.effective.days },
          plan.currency.code(), plan.name, loadedAt.micros,
          std::int64_t { usesModels(plan) ? 1 : 0 } }
    ));
    std::int64_t rowNumber = 0;
    for (const Price& price : plan.prices)
        QUITTANCE_CHECK(insertPrice(tx, plan, ++rowNumber, price));
    return usesModels(plan) ? insertModels(tx, plan) : Result<> {};
}

Result<std::vector<PricePlan>> readVersions(Transaction& tx, std::optional<std::string_view> code)
{
    const std::string condition = code ? " WHERE plan_code = $1" : "";
    const std::vector<Value> args
        = code ? std::vector<Value> { std::string(*code) } : std::vector<Value> {};
    constexpr int hasModels = 5; // the column after those of planOf
    QUITTANCE_TRY(auto prices, readPrices(tx, condition, args));
    std::vector<PricePlan> plans;
    std::vector<std::size_t> withModels;
    QUITTANCE_CHECK(tx.query(
        "SELECT plan_code, version, effective_date, currency, name, has_models"
        " FROM price_plan_version"
            + condition + " ORDER BY plan_code, version",
        std::span<const Value>(args),
        [&](const Row& row) -> Result<> {
            QUITTANCE_TRY(PricePlan plan, planOf(row));
            plan.prices = std::move(prices[{ plan.code, plan.version }]);
            if (row.integer(hasModels) != 0)
                withModels.push_back(plans.size());
            plans.push_back(std::move(plan));
            return {};
        }
    ));
    for (const std::size_t place : withModels)
        QUITTANCE_CHECK(readModels(tx, plans[place]));
    return plans;
}

Result<> insertMeterIfAbsent(Transaction& tx, const Meter& meter)
{
    QUITTANCE_CHECK(tx.execute(
        "INSERT INTO meter (name, unit, digits) VALUES ($1, $2, $3)"
        " ON CONFLICT (name) DO NOTHING",
        { meter.name, meter.unit, std::int64_t { meter.digits } }
    ));
    return {};
}

Result<> createTables(Transaction& tx)
{
    return createSchema(
        tx, R"(CREATE TABLE meter (
    id $ID$,
    name TEXT NOT NULL UNIQUE CHECK (name <> ''),
    unit TEXT NOT NULL,
    digits BIGINT NOT NULL CHECK (digits BETWEEN 0 AND 9)
);
CREATE TABLE price_plan (
    id $ID$,
    code TEXT NOT NULL UNIQUE CHECK (code <> '')
);
CREATE TABLE price_plan_version (
    plan_code TEXT NOT NULL REFERENCES price_plan (code),
    version BIGINT NOT NULL CHECK (version > 0),
    effective_date BIGINT NOT NULL,
    currency TEXT NOT NULL CHECK (LENGTH(currency) = 3),
    name TEXT NOT NULL,
    loaded_at BIGINT NOT NULL,
    PRIMARY KEY (plan_code, version),
    UNIQUE (plan_code, effective_date)
);
CREATE TABLE price (
    plan_code TEXT NOT NULL,
    version BIGINT NOT NULL,
    row_number BIGINT NOT NULL CHECK (row_number > 0),
    sku TEXT NOT NULL,
    meter TEXT NOT NULL,
    service TEXT NOT NULL,
    name TEXT NOT NULL,
    unit TEXT NOT NULL,
    per BIGINT NOT NULL CHECK (per > 0),
    rate_nanos BIGINT NOT NULL CHECK (rate_nanos >= 0),
    discount_millionths BIGINT NOT NULL CHECK (discount_millionths BETWEEN 0 AND 1000000),
    discount_name TEXT NOT NULL,
    PRIMARY KEY (plan_code, version, row_number),
    UNIQUE (plan_code, version, sku, meter),
    FOREIGN KEY (plan_code, version) REFERENCES price_plan_version (plan_code, version)
);
)",
        { "meter", "price_plan_version", "price" }
    );
}

} // namespace quittance::backend::pricing_queries

namespace quittance::backend {

Result<std::vector<PricePlan>> planVersions(database::Transaction& tx, std::string_view code)
{
    return pricing_queries::readVersions(tx, code);
}

Result<std::vector<PricePlan>> listPlans(database::Transaction& tx)
{
    return pricing_queries::readVersions(tx, std::nullopt);
}

Result<std::vector<Meter>> listMeters(database::Transaction& tx)
{
    return tx.queryAll<Meter>(
        "SELECT name, unit, digits FROM meter ORDER BY id", {},
        [](const database::Row& row) {
            return Meter { row.string(0), row.string(1), row.int32(2) };
        }
    );
}

database::Migration pricingMigration(int number)
{
    return { number, "pricing", pricing_queries::createTables };
}

database::Migration priceModelsMigration(int number)
{
    return { number, "price models", pricing_queries::createModelTables };
}

} // namespace quittance::backend
