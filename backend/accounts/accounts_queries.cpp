#include "backend/accounts/accounts_queries.h"

#include "backend/journal/schema.h"

#include <fmt/format.h>

namespace quittance::backend {

namespace accounts_queries {

namespace {

using database::Row;
using database::Transaction;
using database::Value;

// Lists are stored as lines: what is in them holds no control character (checkProfile).
std::string lines(const std::vector<std::string>& values)
{
    return fmt::format("{}", fmt::join(values, "\n"));
}

std::vector<std::string> valuesOf(std::string_view lines)
{
    std::vector<std::string> values;
    while (!lines.empty()) {
        const std::string_view line = lines.substr(0, lines.find('\n'));
        values.emplace_back(line);
        lines.remove_prefix(std::min(line.size() + 1, lines.size()));
    }
    return values;
}

constexpr std::string_view accountColumns = "id, name, currency, time_zone, plan, created_at";

Result<AccountRecord> accountOf(const Row& row)
{
    int column = 0;
    AccountRecord account;
    account.id = row.integer(column);
    account.name = row.string(++column);
    QUITTANCE_TRY(account.currency, Currency::find(row.text(++column)));
    account.timeZone = row.string(++column);
    account.plan = row.string(++column);
    account.createdAt = Instant { row.integer(++column) };
    return account;
}

Result<std::vector<AccountRecord>>
accountsWhere(Transaction& tx, std::string_view condition, std::initializer_list<Value> args)
{
    std::vector<AccountRecord> accounts;
    QUITTANCE_CHECK(tx.query(
        fmt::format("SELECT {} FROM account {} ORDER BY id", accountColumns, condition), args,
        [&](const Row& row) -> Result<> {
            QUITTANCE_TRY(AccountRecord account, accountOf(row));
            accounts.push_back(std::move(account));
            return {};
        }
    ));
    return accounts;
}

BillingProfile profileOf(const Row& row)
{
    int column = 0;
    BillingProfile profile;
    profile.version = row.int32(column);
    profile.validFrom = Instant { row.integer(++column) };
    profile.legalName = row.string(++column);
    profile.addressLines = valuesOf(row.text(++column));
    profile.country = row.string(++column);
    profile.taxIds = valuesOf(row.text(++column));
    profile.purchaseOrder = row.string(++column);
    profile.buyerReference = row.string(++column);
    profile.emails = valuesOf(row.text(++column));
    profile.language = row.string(++column);
    return profile;
}

BillingTerms termsOf(const Row& row)
{
    int column = 0;
    BillingTerms terms;
    terms.version = row.int32(column);
    terms.validFrom = Instant { row.integer(++column) };
    terms.legalEntity = row.integer(++column);
    terms.paymentDays = row.int32(++column);
    return terms;
}

/// The version valid at `at`; before the first one, the first. Later versions of one instant win.
constexpr std::string_view versionAt
    = " WHERE account_id = $1"
      " ORDER BY CASE WHEN valid_from <= $2 THEN 0 ELSE 1 END,"
      " CASE WHEN valid_from <= $2 THEN -version ELSE version END LIMIT 1";
constexpr std::string_view latestVersions
    = " WHERE account_id = $1 ORDER BY version DESC LIMIT CAST($2 AS BIGINT)";

template <class Version>
Result<std::optional<Version>> firstOf(const Result<std::vector<Version>>& versions)
{
    if (!versions)
        return failure(versions.error());
    return versions->empty() ? std::nullopt : std::optional(versions->front());
}

Result<std::vector<BillingProfile>>
profilesWhere(Transaction& tx, std::string_view condition, std::initializer_list<Value> args)
{
    return tx.queryAll<BillingProfile>(
        "SELECT version, valid_from, legal_name, address_lines, country, tax_ids,"
        " purchase_order, buyer_reference, emails, language FROM billing_profile"
            + std::string(condition),
        args, profileOf
    );
}

Result<std::vector<BillingTerms>>
termsWhere(Transaction& tx, std::string_view condition, std::initializer_list<Value> args)
{
    return tx.queryAll<BillingTerms>(
        "SELECT version, valid_from, legal_entity_id, payment_days FROM billing_terms"
            + std::string(condition),
        args, termsOf
    );
}

Result<LegalEntity> entityOf(const Row& row)
{
    int column = 0;
    LegalEntity entity;
    entity.id = row.integer(column);
    entity.code = row.string(++column);
    entity.party.legalName = row.string(++column);
    entity.party.addressLines = valuesOf(row.text(++column));
    entity.party.country = row.string(++column);
    entity.party.taxIds = valuesOf(row.text(++column));
    entity.party.email = row.string(++column);
    entity.bankDetails = row.string(++column);
    entity.series = row.string(++column);
    QUITTANCE_TRY(entity.taxCurrency, Currency::find(row.text(++column)));
    entity.tax.category = row.string(++column);
    entity.tax.millionths = row.integer(++column);
    entity.taxNote = row.string(++column);
    entity.taxRounding = static_cast<Rounding>(row.integer(++column));
    return entity;
}

std::vector<Value> argsOf(const LegalEntity& entity)
{
    return { entity.code,
             entity.party.legalName,
             lines(entity.party.addressLines),
             entity.party.country,
             lines(entity.party.taxIds),
             entity.party.email,
             entity.bankDetails,
             entity.series,
             entity.taxCurrency.code(),
             entity.tax.category,
             entity.tax.millionths,
             entity.taxNote,
             static_cast<std::int64_t>(entity.taxRounding) };
}

} // namespace

Result<std::optional<AccountId>> insertAccount(Transaction& tx, const AccountRecord& account)
{
    return tx.queryFirst<AccountId>(
        "INSERT INTO account (name, currency, time_zone, plan, created_at)"
        " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (name) DO NOTHING RETURNING id",
        { account.name, account.currency.code(), account.timeZone, account.plan,
          account.createdAt.micros },
        [](const Row& row) { return row.integer(0); }
    );
}

Result<> lockAccount(Transaction& tx, AccountId account)
{
    // An update that changes nothing takes the row's lock in both engines.
    QUITTANCE_TRY(
        const std::int64_t found,
        tx.execute("UPDATE account SET plan = plan WHERE id = $1", { account })
    );
    if (found == 0)
        return failure(ErrorCode::NotFound, fmt::format("account {} does not exist", account));
    return {};
}

Result<> insertProfile(Transaction& tx, AccountId account, const BillingProfile& profile)
{
    QUITTANCE_CHECK(tx.execute(
        "INSERT INTO billing_profile (account_id, version, valid_from, legal_name,"
        " address_lines, country, tax_ids, purchase_order, buyer_reference, emails, language)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        { account, std::int64_t { profile.version }, profile.validFrom.micros, profile.legalName,
          lines(profile.addressLines), profile.country, lines(profile.taxIds),
          profile.purchaseOrder, profile.buyerReference, lines(profile.emails), profile.language }
    ));
    return {};
}

Result<std::optional<BillingProfile>> latestProfile(Transaction& tx, AccountId account)
{
    return firstOf(listProfiles(tx, account, 1));
}

Result<std::vector<BillingProfile>> profilesAfter(Transaction& tx, AccountId account, Instant after)
{
    return profilesWhere(
        tx, " WHERE account_id = $1 AND valid_from > $2 ORDER BY valid_from, version",
        { account, after.micros }
    );
}

Result<> insertTerms(Transaction& tx, AccountId account, const BillingTerms& terms)
{
    QUITTANCE_CHECK(tx.execute(
        "INSERT INTO billing_terms (account_id, version, valid_from,"
        " legal_entity_id, payment_days) VALUES ($1, $2, $3, $4, $5)",
        { account, std::int64_t { terms.version }, terms.validFrom.micros, terms.legalEntity,
          std::int64_t { terms.paymentDays } }
    ));
    return {};
}

Result<std::optional<BillingTerms>> latestTerms(Transaction& tx, AccountId account)
{
    return firstOf(listTerms(tx, account, 1));
}

Result<LegalEntityId> insertLegalEntity(Transaction& tx, const LegalEntity& entity)
{
    const std::vector<Value> args = argsOf(entity);
    LegalEntityId id = 0;
    QUITTANCE_CHECK(tx.query(
        "INSERT INTO legal_entity (code, legal_name, address_lines, country, tax_ids, email,"
        " bank_details, series, tax_currency, tax_category, tax_millionths, tax_note,"
        " tax_rounding)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING id",
        std::span<const Value>(args),
        [&](const Row& row) -> Result<> {
            id = row.integer(0);
            return {};
        }
    ));
    return id;
}

Result<> updateLegalEntity(Transaction& tx, const LegalEntity& entity)
{
    const std::vector<Value> args = argsOf(entity);
    QUITTANCE_CHECK(tx.execute(
        "UPDATE legal_entity SET legal_name = $2, address_lines = $3,"
        " country = $4, tax_ids = $5, email = $6, bank_details = $7,"
        " series = $8, tax_currency = $9, tax_category = $10,"
        " tax_millionths = $11, tax_note = $12, tax_rounding = $13"
        " WHERE code = $1",
        std::span<const Value>(args)
    ));
    return {};
}

Result<std::optional<LegalEntityId>> firstLegalEntity(Transaction& tx)
{
    return tx.queryFirst<LegalEntityId>(
        "SELECT id FROM legal_entity ORDER BY id LIMIT 1", {},
        [](const Row& row) { return row.integer(0); }
    );
}

Result<> createTables(Transaction& tx)
{
    return createSchema(
        tx, R"(CREATE TABLE legal_entity (
    id $ID$,
    code TEXT NOT NULL UNIQUE CHECK (code <> ''),
    legal_name TEXT NOT NULL,
    address_lines TEXT NOT NULL,
    country TEXT NOT NULL,
    tax_ids TEXT NOT NULL,
    email TEXT NOT NULL,
    bank_details TEXT NOT NULL,
    series TEXT NOT NULL UNIQUE CHECK (series <> ''),
    tax_currency TEXT NOT NULL CHECK (LENGTH(tax_currency) = 3),
    tax_category TEXT NOT NULL,
    tax_millionths BIGINT NOT NULL CHECK (tax_millionths >= 0),
    tax_note TEXT NOT NULL,
    tax_rounding BIGINT NOT NULL CHECK (tax_rounding BETWEEN 0 AND 2)
);
CREATE TABLE account (
    id $ID$,
    name TEXT NOT NULL UNIQUE CHECK (name <> ''),
    currency TEXT NOT NULL CHECK (LENGTH(currency) = 3),
    time_zone TEXT NOT NULL,
    plan TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE TABLE project (
    account_id BIGINT NOT NULL REFERENCES account (id),
    id $ID$,
    name TEXT NOT NULL CHECK (name <> ''),
    UNIQUE (account_id, name)
);
CREATE TABLE billing_profile (
    account_id BIGINT NOT NULL REFERENCES account (id),
    version BIGINT NOT NULL CHECK (version > 0),
    valid_from BIGINT NOT NULL,
    legal_name TEXT NOT NULL,
    address_lines TEXT NOT NULL,
    country TEXT NOT NULL,
    tax_ids TEXT NOT NULL,
    purchase_order TEXT NOT NULL,
    buyer_reference TEXT NOT NULL,
    emails TEXT NOT NULL,
    language TEXT NOT NULL,
    PRIMARY KEY (account_id, version)
) $WITHOUT_ROWID$;
CREATE TABLE billing_terms (
    account_id BIGINT NOT NULL REFERENCES account (id),
    version BIGINT NOT NULL CHECK (version > 0),
    valid_from BIGINT NOT NULL,
    legal_entity_id BIGINT NOT NULL REFERENCES legal_entity (id),
    payment_days BIGINT NOT NULL CHECK (payment_days BETWEEN 0 AND 365),
    PRIMARY KEY (account_id, version)
) $WITHOUT_ROWID$;
)",
        { "billing_terms" }
    );
}

} // namespace accounts_queries

using namespace accounts_queries;

Result<std::vector<AccountRecord>> listAccounts(database::Transaction& tx)
{
    return accountsWhere(tx, "", {});
}

Result<AccountRecord> findAccount(database::Transaction& tx, AccountId account)
{
    QUITTANCE_TRY(auto found, accountsWhere(tx, "WHERE id = $1", { account }));
    if (found.empty())
        return failure(ErrorCode::NotFound, fmt::format("account {} does not exist", account));
    return std::move(found.front());
}

Result<> checkAccountExists(database::Transaction& tx, std::string_view field, AccountId account)
{
    const auto found = findAccount(tx, account);
    if (found)
        return {};
    if (found.error().code != ErrorCode::NotFound)
        return failure(found.error());
    return failure(ErrorCode::InvalidArgument, fmt::format("{}: {}", field, found.error().detail));
}

Result<AccountRecord> findAccountByName(database::Transaction& tx, std::string_view name)
{
    QUITTANCE_TRY(auto found, accountsWhere(tx, "WHERE name = $1", { std::string(name) }));
    if (!found.empty())
        return std::move(found.front());
    return failure(ErrorCode::NotFound, fmt::format("account \"{}\" does not exist", name));
}

Result<AccountRecord> findAccountByNameOrId(database::Transaction& tx, std::string_view nameOrId)
{
    auto named = findAccountByName(tx, nameOrId);
    if (named || named.error().code != ErrorCode::NotFound)
        return named;
    const Result<std::int64_t> id = parseFixed(nameOrId, 0);
    return id && std::to_string(*id) == nameOrId ? findAccount(tx, *id) : named;
}

Result<BillingProfile> profileAt(database::Transaction& tx, AccountId account, Instant at)
{
    QUITTANCE_TRY(
        const auto profile, firstOf(profilesWhere(tx, versionAt, { account, at.micros }))
    );
    return profile.value_or(BillingProfile());
}

Result<BillingTerms> termsAt(database::Transaction& tx, AccountId account, Instant at)
{
    QUITTANCE_TRY(const auto terms, firstOf(termsWhere(tx, versionAt, { account, at.micros })));
    if (terms)
        return *terms;
    BillingTerms standard;
    QUITTANCE_TRY(const auto entity, firstLegalEntity(tx));
    standard.legalEntity = entity.value_or(0);
    return standard;
}

Result<std::vector<BillingProfile>>
listProfiles(database::Transaction& tx, AccountId account, int limit)
{
    return profilesWhere(tx, latestVersions, { account, std::int64_t { limit } });
}

Result<std::vector<BillingTerms>> listTerms(database::Transaction& tx, AccountId account, int limit)
{
    return termsWhere(tx, latestVersions, { account, std::int64_t { limit } });
}

Result<std::vector<LegalEntity>> listLegalEntities(database::Transaction& tx)
{
    std::vector<LegalEntity> entities;
    QUITTANCE_CHECK(tx.query(
        "SELECT id, code, legal_name, address_lines, country, tax_ids, email, bank_details, series,"
        " tax_currency, tax_category, tax_millionths, tax_note, tax_rounding"
        " FROM legal_entity ORDER BY id",
        {},
        [&](const Row& row) -> Result<> {
            QUITTANCE_TRY(LegalEntity entity, entityOf(row));
            entities.push_back(std::move(entity));
            return {};
        }
    ));
    return entities;
}

Result<LegalEntity> findLegalEntity(database::Transaction& tx, LegalEntityId id)
{
    // A handful at most: they are read together.
    QUITTANCE_TRY(const auto entities, listLegalEntities(tx));
    for (const LegalEntity& entity : entities)
        if (entity.id == id)
            return entity;
    return failure(ErrorCode::NotFound, fmt::format("legal entity {} does not exist", id));
}

Result<std::vector<Project>>
ensureProjects(database::Transaction& tx, AccountId account, const std::vector<std::string>& names)
{
    for (const std::string& name : names)
        QUITTANCE_CHECK(tx.execute(
            "INSERT INTO project (account_id, name) VALUES ($1, $2)"
            " ON CONFLICT (account_id, name) DO NOTHING",
            { account, name }
        ));
    return listProjects(tx, account);
}

Result<std::vector<Project>> listProjects(database::Transaction& tx, AccountId account)
{
    return tx.queryAll<Project>(
        "SELECT id, name FROM project WHERE account_id = $1 ORDER BY id", { account },
        [&](const Row& row) {
            return Project { row.integer(0), account, row.string(1) };
        }
    );
}

database::Migration accountsMigration(int number)
{
    return { number, "accounts", createTables };
}

} // namespace quittance::backend
