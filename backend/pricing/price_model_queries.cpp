#include "backend/pricing/price_model_queries.h"

#include "backend/journal/schema.h"

#include <array>
#include <optional>

namespace quittance::backend::pricing_queries {

namespace {

using database::Row;
using database::Transaction;
using database::Value;

constexpr std::int64_t planItself = 0; ///< the row number of what belongs to no price row
constexpr std::int64_t serviceTarget = 1;
constexpr std::int64_t skuTarget = 2;

std::array<Value, 2> keyOf(const PricePlan& plan)
{
    return { plan.code, std::int64_t { plan.version } };
}

Value dayOrNull(const std::optional<Date>& day)
{
    return day ? Value(std::int64_t { day->days }) : Value();
}

std::optional<Date> dayAt(const Row& row, int column)
{
    return row.isNull(column) ? std::nullopt : std::optional(Date { row.int32(column) });
}

Result<> insertModel(Transaction& tx, const PricePlan& plan, std::int64_t row, const Price& price)
{
    if (usesModel(price))
        QUITTANCE_CHECK(tx.execute(
            "INSERT INTO price_model (plan_code, version, row_number, model, package_size,"
            " free_units, minimum_nanos) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            { plan.code, std::int64_t { plan.version }, row, static_cast<std::int64_t>(price.model),
              price.packageSize, price.freeUnits, price.minimum.nanos }
        ));
    std::int64_t number = 0;
    for (const PriceTier& tier : price.tiers)
        QUITTANCE_CHECK(tx.execute(
            "INSERT INTO price_tier (plan_code, version, row_number, tier, up_to, rate_nanos,"
            " flat_nanos) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            { plan.code, std::int64_t { plan.version }, row, ++number,
              tier.upTo ? Value(*tier.upTo) : Value(), tier.rate.nanos, tier.flat.nanos }
        ));
    return {};
}

Result<> insertDiscounts(
    Transaction& tx, const PricePlan& plan, std::int64_t row, const std::vector<Discount>& discounts
)
{
    std::int64_t number = 0;
    for (const Discount& discount : discounts)
        QUITTANCE_CHECK(tx.execute(
            "INSERT INTO price_discount (plan_code, version, row_number, discount, name,"
            " millionths, amount_nanos, from_day, until_day)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            { plan.code, std::int64_t { plan.version }, row, ++number, discount.name,
              discount.millionths, discount.amount.nanos, dayOrNull(discount.from),
              dayOrNull(discount.until) }
        ));
    return {};
}

Result<> insertTargets(
    Transaction& tx, const PricePlan& plan, std::int64_t commitment, std::int64_t kind,
    const std::vector<std::string>& names
)
{
    std::int64_t position = 0;
    for (const std::string& name : names)
        QUITTANCE_CHECK(tx.execute(
            "INSERT INTO plan_commitment_target (plan_code, version, commitment, kind, position,"
            " name) VALUES ($1, $2, $3, $4, $5, $6)",
            { plan.code, std::int64_t { plan.version }, commitment, kind, ++position, name }
        ));
    return {};
}

Result<> insertCommitments(Transaction& tx, const PricePlan& plan)
{
    std::int64_t number = 0;
    for (const Commitment& commitment : plan.commitments) {
        QUITTANCE_CHECK(tx.execute(
            "INSERT INTO plan_commitment (plan_code, version, commitment, sku, name, service,"
            " amount_nanos) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            { plan.code, std::int64_t { plan.version }, ++number, commitment.sku, commitment.name,
              commitment.service, commitment.amount.nanos }
        ));
        QUITTANCE_CHECK(insertTargets(tx, plan, number, serviceTarget, commitment.services));
        QUITTANCE_CHECK(insertTargets(tx, plan, number, skuTarget, commitment.skus));
    }
    return {};
}

/// The item with this number, counted from 1.
template <class T> Result<T*> numbered(std::vector<T>& items, std::int64_t number)
{
    if (number < 1 || static_cast<std::size_t>(number) > items.size())
        return failure(ErrorCode::Corrupt, "a price model belongs to a row that does not exist");
    return &items[static_cast<std::size_t>(number) - 1];
}

Result<> readPriceModels(Transaction& tx, PricePlan& plan)
{
    QUITTANCE_CHECK(tx.query(
        "SELECT row_number, model, package_size, free_units, minimum_nanos FROM price_model"
        " WHERE plan_code = $1 AND version = $2",
        keyOf(plan),
        [&](const Row& row) -> Result<> {
            QUITTANCE_TRY(Price* const price, numbered(plan.prices, row.integer(0)));
            price->model = static_cast<PriceModel>(row.integer(1));
            price->packageSize = row.integer(2);
            price->freeUnits = row.integer(3);
            price->minimum = Rate { row.integer(4) };
            return {};
        }
    ));
    return tx.query(
        "SELECT row_number, up_to, rate_nanos, flat_nanos FROM price_tier"
        " WHERE plan_code = $1 AND version = $2 ORDER BY row_number, tier",
        keyOf(plan),
        [&](const Row& row) -> Result<> {
            QUITTANCE_TRY(Price* const price, numbered(plan.prices, row.integer(0)));
            price->tiers.push_back({ row.integerOrNull(1), Rate { row.integer(2) },
                                     Rate { row.integer(3) } });
            return {};
        }
    );
}

Result<> readDiscounts(Transaction& tx, PricePlan& plan)
{
    return tx.query(
        "SELECT row_number, name, millionths, amount_nanos, from_day, until_day"
        " FROM price_discount WHERE plan_code = $1 AND version = $2"
        " ORDER BY row_number, discount",
        keyOf(plan),
        [&](const Row& row) -> Result<> {
            std::vector<Discount>* discounts = &plan.discounts;
            if (row.integer(0) != planItself) {
                QUITTANCE_TRY(Price* const price, numbered(plan.prices, row.integer(0)));
                discounts = &price->discounts;
            }
            discounts->push_back({ row.string(1), row.integer(2), Rate { row.integer(3) },
                                   dayAt(row, 4), dayAt(row, 5) });
            return {};
        }
    );
}

Result<> readCommitments(Transaction& tx, PricePlan& plan)
{
    QUITTANCE_TRY(
        plan.commitments,
        tx.queryAll<Commitment>(
            "SELECT sku, name, service, amount_nanos FROM plan_commitment"
            " WHERE plan_code = $1 AND version = $2 ORDER BY commitment",
            keyOf(plan),
            [](const Row& row) {
                return Commitment {
                    row.string(0), row.string(1), row.string(2), Rate { row.integer(3) }, {}, {}
                };
            }
        )
    );
    return tx.query(
        "SELECT commitment, kind, name FROM plan_commitment_target"
        " WHERE plan_code = $1 AND version = $2 ORDER BY commitment, kind, position",
        keyOf(plan),
        [&](const Row& row) -> Result<> {
            QUITTANCE_TRY(Commitment* const commitment, numbered(plan.commitments, row.integer(0)));
            auto& names = row.integer(1) == serviceTarget ? commitment->services : commitment->skus;
            names.push_back(row.string(2));
            return {};
        }
    );
}

} // namespace

Result<> insertModels(Transaction& tx, const PricePlan& plan)
{
    std::int64_t row = 0;
    for (const Price& price : plan.prices) {
        ++row;
        QUITTANCE_CHECK(insertModel(tx, plan, row, price));
        QUITTANCE_CHECK(insertDiscounts(tx, plan, row, price.discounts));
    }
    QUITTANCE_CHECK(insertDiscounts(tx, plan, planItself, plan.discounts));
    return insertCommitments(tx, plan);
}

Result<> readModels(Transaction& tx, PricePlan& plan)
{
    QUITTANCE_CHECK(readPriceModels(tx, plan));
    QUITTANCE_CHECK(readDiscounts(tx, plan));
    return readCommitments(tx, plan);
}

Result<> createModelTables(Transaction& tx)
{
    return createSchema(
        tx, R"(ALTER TABLE price_plan_version ADD COLUMN has_models BIGINT NOT NULL DEFAULT 0;
CREATE TABLE price_model (
    plan_code TEXT NOT NULL,
    version BIGINT NOT NULL,
    row_number BIGINT NOT NULL,
    model BIGINT NOT NULL CHECK (model BETWEEN 1 AND 4),
    package_size BIGINT NOT NULL CHECK (package_size >= 0),
    free_units BIGINT NOT NULL CHECK (free_units >= 0),
    minimum_nanos BIGINT NOT NULL CHECK (minimum_nanos >= 0),
    PRIMARY KEY (plan_code, version, row_number),
    FOREIGN KEY (plan_code, version, row_number) REFERENCES price (plan_code, version, row_number)
);
CREATE TABLE price_tier (
    plan_code TEXT NOT NULL,
    version BIGINT NOT NULL,
    row_number BIGINT NOT NULL,
    tier BIGINT NOT NULL CHECK (tier > 0),
    up_to BIGINT CHECK (up_to > 0),
    rate_nanos BIGINT NOT NULL CHECK (rate_nanos >= 0),
    flat_nanos BIGINT NOT NULL CHECK (flat_nanos >= 0),
    PRIMARY KEY (plan_code, version, row_number, tier),
    FOREIGN KEY (plan_code, version, row_number) REFERENCES price (plan_code, version, row_number)
);
CREATE TABLE price_discount (
    plan_code TEXT NOT NULL,
    version BIGINT NOT NULL,
    row_number BIGINT NOT NULL CHECK (row_number >= 0),
    discount BIGINT NOT NULL CHECK (discount > 0),
    name TEXT NOT NULL CHECK (name <> ''),
    millionths BIGINT NOT NULL CHECK (millionths BETWEEN 0 AND 1000000),
    amount_nanos BIGINT NOT NULL CHECK (amount_nanos >= 0),
    from_day BIGINT,
    until_day BIGINT CHECK (until_day > from_day),
    PRIMARY KEY (plan_code, version, row_number, discount),
    FOREIGN KEY (plan_code, version) REFERENCES price_plan_version (plan_code, version),
    CHECK ((millionths > 0) <> (amount_nanos > 0))
);
CREATE TABLE plan_commitment (
    plan_code TEXT NOT NULL,
    version BIGINT NOT NULL,
    commitment BIGINT NOT NULL CHECK (commitment > 0),
    sku TEXT NOT NULL CHECK (sku <> ''),
    name TEXT NOT NULL,
    service TEXT NOT NULL,
    amount_nanos BIGINT NOT NULL CHECK (amount_nanos > 0),
    PRIMARY KEY (plan_code, version, commitment),
    UNIQUE (plan_code, version, sku),
    FOREIGN KEY (plan_code, version) REFERENCES price_plan_version (plan_code, version)
);
CREATE TABLE plan_commitment_target (
    plan_code TEXT NOT NULL,
    version BIGINT NOT NULL,
    commitment BIGINT NOT NULL,
    kind BIGINT NOT NULL CHECK (kind IN (1, 2)),
    position BIGINT NOT NULL CHECK (position > 0),
    name TEXT NOT NULL,
    PRIMARY KEY (plan_code, version, commitment, kind, position),
    FOREIGN KEY (plan_code, version, commitment)
        REFERENCES plan_commitment (plan_code, version, commitment)
);
)",
        { "price_model", "price_tier", "price_discount", "plan_commitment",
          "plan_commitment_target" }
    );
}

} // namespace quittance::backend::pricing_queries
