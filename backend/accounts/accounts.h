#pragma once

#include "backend/journal/context.h"
#include "core/database/migration.h"
#include "core/domain/bill.h"
#include "core/domain/money.h"
#include "core/domain/permissions.h"
#include "core/domain/time_zone.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Who is billed: legal entities, accounts, projects, billing profiles and terms in versions.
/// Every change is journalled ("account.created", "profile.changed", "terms.changed") in its
/// transaction.
namespace quittance::backend {

using LegalEntityId = std::int64_t;

/// Who bills. Made from the brand file by `ensureLegalEntities`.
struct LegalEntity {
    LegalEntityId id = 0;
    std::string code; ///< "northlake-de"
    BillParty party;
    std::string bankDetails; ///< as printed
    std::string series; ///< prefix of its bill numbers: "NL" gives NL-2026-000123
    Currency taxCurrency;
    TaxRate tax; ///< default for its accounts
    std::string
        taxNote; ///< printed where the category needs a reason (reverse charge, exempt); "" else
    Rounding taxRounding = Rounding::HalfAwayFromZero;
};

struct AccountRecord {
    AccountId id = 0;
    std::string name; ///< unique, as the operator calls it
    Currency currency;
    std::string timeZone;
    std::string plan; ///< code of the price plan
    Instant createdAt;

    bool operator==(const AccountRecord&) const = default;
};

/// What the customer edits. A bill freezes the version valid at issue.
struct BillingProfile {
    std::int32_t version = 0;
    Instant validFrom;
    std::string legalName;
    std::vector<std::string> addressLines;
    std::string country; ///< ISO 3166 alpha-2
    std::vector<std::string> taxIds; ///< format checked by country prefix: "DE123456789"
    std::string purchaseOrder;
    std::string buyerReference;
    std::vector<std::string> emails;
    std::string language = "en"; ///< BCP 47

    bool operator==(const BillingProfile&) const = default;
};

/// What only finance edits.
struct BillingTerms {
    std::int32_t version = 0;
    Instant validFrom;
    LegalEntityId legalEntity = 0;
    std::int32_t paymentDays = 14;

    bool operator==(const BillingTerms&) const = default;
};

/// The customer's own grouping of use, by name.
struct Project {
    std::int64_t id = 0;
    AccountId account = 0;
    std::string name; ///< unique within the account

    bool operator==(const Project&) const = default;
};

struct NewAccount {
    std::string name;
    std::string currency = "USD";
    std::string timeZone = "UTC";
    std::string plan = "standard";
    std::optional<BillingProfile> profile;
    std::optional<BillingTerms> terms; ///< none: the first legal entity, 14 days
};

/// InvalidArgument naming field and value, UnknownTimeZone, AlreadyExists for a name in use.
Result<AccountId> addAccount(const Context& context, const Actor& actor, const NewAccount& account);
/// Within the caller's transaction: used by import, which makes the account that a mapping names.
Result<AccountId> addAccount(
    database::Transaction& tx, const Context& context, const Actor& actor, const NewAccount& account
);
Result<std::vector<AccountRecord>> listAccounts(database::Transaction& tx); ///< by id
Result<AccountRecord> findAccount(database::Transaction& tx, AccountId account); ///< NotFound
/// For an account that is part of what somebody asks for: InvalidArgument naming the field.
Result<> checkAccountExists(database::Transaction& tx, std::string_view field, AccountId account);
Result<AccountRecord> findAccountByName(database::Transaction& tx, std::string_view name);
/// For what a person types: the account of this name or, where none has it, of this id. Files go by
/// names alone, since a number in them is somebody's name for an account.
Result<AccountRecord> findAccountByNameOrId(database::Transaction& tx, std::string_view nameOrId);

/// A new version, numbered and valid from the clock's now or from `validFrom` (those fields of the
/// argument are ignored); the same content as what is valid then is no new version.
/// `expectedVersion` is the version that is valid then, and guards against a lost update:
/// Precondition where another came first. InvalidArgument where `validFrom` is before that of the
/// version which is valid now.
///
/// Versions that are to be valid later stay: each is added again after the change, from its own
/// day, with what the change changed and it did not. So a new e-mail address of today still holds
/// when the company moves in January as planned. Of one field that both change, the later version
/// has its own from its day; country and tax ids are one, since they are checked together.
Result<BillingProfile> changeProfile(
    const Context& context, const Actor& actor, AccountId account, const BillingProfile& profile,
    std::optional<std::int32_t> expectedVersion, std::optional<Instant> validFrom = std::nullopt
);
Result<BillingTerms> changeTerms(
    const Context& context, const Actor& actor, AccountId account, const BillingTerms& terms,
    std::optional<std::int32_t> expectedVersion
);
/// The version valid at this instant; before the first version, the first (a bill of a month before
/// the account was made has the profile that it was made with). An empty profile of version 0, and
/// the first legal entity with 14 days (id 0 where there is none), while there is no version.
Result<BillingProfile> profileAt(database::Transaction& tx, AccountId account, Instant at);
Result<BillingTerms> termsAt(database::Transaction& tx, AccountId account, Instant at);
/// The newest `limit` versions, newest first.
Result<std::vector<BillingProfile>>
listProfiles(database::Transaction& tx, AccountId account, int limit);
Result<std::vector<BillingTerms>>
listTerms(database::Transaction& tx, AccountId account, int limit);
/// Names of fields that a bill needs and this profile lacks: "legalName", "addressLines",
/// "country", "emails".
[[nodiscard]] std::vector<std::string> missingFields(const BillingProfile& profile);
/// InvalidArgument naming field, value and rule.
[[nodiscard]] Result<> checkProfile(const BillingProfile& profile);

/// Adds the projects of these names that are absent, and returns all of the account, by id.
Result<std::vector<Project>>
ensureProjects(database::Transaction& tx, AccountId account, const std::vector<std::string>& names);
Result<std::vector<Project>> listProjects(database::Transaction& tx, AccountId account);

/// Adds what is new and changes what differs, each journalled; none is ever removed.
/// InvalidArgument names the field.
Result<> ensureLegalEntities(
    const Context& context, const Actor& actor, const std::vector<LegalEntity>& entities
);
Result<std::vector<LegalEntity>> listLegalEntities(database::Transaction& tx);
Result<LegalEntity> findLegalEntity(database::Transaction& tx, LegalEntityId id);

[[nodiscard]] database::Migration accountsMigration(int number);

} // namespace quittance::backend
