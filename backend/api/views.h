#pragma once

#include "backend/accounts/accounts.h"
#include "backend/accounts/people.h"
#include "backend/billing/billing.h"
#include "core/contract/messages.h"

/// The features' records as the contract shows them.
namespace quittance::backend {

[[nodiscard]] contract::ProfileView view(const BillingProfile& profile);
[[nodiscard]] BillingProfile profileFrom(const contract::ProfileView& view);
[[nodiscard]] contract::PersonView view(const Person& person);
[[nodiscard]] contract::TokenView view(const ServiceToken& token);
[[nodiscard]] std::vector<contract::GrantView> view(const std::vector<Grant>& grants);
[[nodiscard]] std::vector<Grant> grantsFrom(const std::vector<contract::GrantView>& views);

/// With the profile and terms that are valid now.
Result<contract::AccountView>
accountView(database::Transaction& tx, const AccountRecord& account, Instant now);
Result<contract::TermsView> termsView(database::Transaction& tx, const BillingTerms& terms);
/// Legal entity by code; InvalidArgument where there is none.
Result<BillingTerms> termsFrom(database::Transaction& tx, const contract::TermsView& view);

/// Its versions of profile and terms; NotFound where there is no such account.
Result<contract::AccountHistoryView> accountHistory(database::Transaction& tx, AccountId account);
[[nodiscard]] contract::LegalEntityView view(const LegalEntity& entity);

Result<contract::BillItem> billItem(database::Transaction& tx, BillId bill);
/// Events of a line; quantities in the line's digits.
[[nodiscard]] std::vector<contract::EventView>
eventViews(const EventPage& page, int quantityDigits);

} // namespace quittance::backend
