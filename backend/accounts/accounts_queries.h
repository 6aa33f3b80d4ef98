#pragma once

#include "backend/accounts/accounts.h"

/// The SQL of accounts, profiles, terms and legal entities.
namespace quittance::backend::accounts_queries {

/// Nothing where the name is taken.
Result<std::optional<AccountId>>
insertAccount(database::Transaction& tx, const AccountRecord& account);
/// Keeps other writers of this account's profile and terms out until the transaction ends;
/// NotFound.
Result<> lockAccount(database::Transaction& tx, AccountId account);

Result<> insertProfile(database::Transaction& tx, AccountId account, const BillingProfile& profile);
Result<std::optional<BillingProfile>> latestProfile(database::Transaction& tx, AccountId account);
/// Those valid from later than `after`, by that instant and number.
Result<std::vector<BillingProfile>>
profilesAfter(database::Transaction& tx, AccountId account, Instant after);
Result<> insertTerms(database::Transaction& tx, AccountId account, const BillingTerms& terms);
Result<std::optional<BillingTerms>> latestTerms(database::Transaction& tx, AccountId account);

Result<LegalEntityId> insertLegalEntity(database::Transaction& tx, const LegalEntity& entity);
Result<> updateLegalEntity(database::Transaction& tx, const LegalEntity& entity);
Result<std::optional<LegalEntityId>> firstLegalEntity(database::Transaction& tx);

Result<> createTables(database::Transaction& tx);

} // namespace quittance::backend::accounts_queries
