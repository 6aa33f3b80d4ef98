#include "backend/api/views.h"

#include <fmt/format.h>

namespace quittance::backend {

contract::ProfileView view(const BillingProfile& profile)
{
    return { profile.version,        profile.legalName, profile.addressLines,
             profile.country,        profile.taxIds,    profile.purchaseOrder,
             profile.buyerReference, profile.emails,    profile.language };
}

BillingProfile profileFrom(const contract::ProfileView& view)
{
    BillingProfile profile;
    profile.legalName = view.legalName;
    profile.addressLines = view.addressLines;
    profile.country = view.country;
    profile.taxIds = view.taxIds;
    profile.purchaseOrder = view.purchaseOrder;
    profile.buyerReference = view.buyerReference;
    profile.emails = view.emails;
    profile.language = view.language;
    return profile;
}

std::vector<contract::GrantView> view(const std::vector<Grant>& grants)
{
    std::vector<contract::GrantView> views;
    views.reserve(grants.size());
    for (const Grant& grant : grants)
        views.push_back({ grant.role, grant.account });
    return views;
}

std::vector<Grant> grantsFrom(const std::vector<contract::GrantView>& views)
{
    std::vector<Grant> grants;
    grants.reserve(views.size());
    for (const contract::GrantView& one : views)
        grants.push_back({ one.role, one.account });
    return grants;
}

contract::PersonView view(const Person& person)
{
    return { person.id,       person.email,  person.name,
             person.disabled, person.joined, view(person.grants) };
}

contract::TokenView view(const ServiceToken& token)
{
    return { token.id,        token.name,    token.role,     token.account,
             token.createdAt, token.expires, token.revokedAt };
}

Result<contract::TermsView> termsView(database::Transaction& tx, const BillingTerms& terms)
{
    contract::TermsView view { terms.version, "", terms.paymentDays };
    if (terms.legalEntity != 0) {
        QUITTANCE_TRY(const LegalEntity entity, findLegalEntity(tx, terms.legalEntity));
        view.legalEntity = entity.code;
    }
    return view;
}

Result<BillingTerms> termsFrom(database::Transaction& tx, const contract::TermsView& view)
{
    QUITTANCE_TRY(const std::vector<LegalEntity> entities, listLegalEntities(tx));
    for (const LegalEntity& entity : entities) {
        if (entity.code != view.legalEntity)
            continue;
        BillingTerms terms;
        terms.legalEntity = entity.id;
        terms.paymentDays = view.paymentDays;
        return terms;
    }
    return failure(
        ErrorCode::InvalidArgument,
        fmt::format("legalEntity: there is no legal entity \"{}\"", view.legalEntity)
    );
}

Result<contract::AccountView>
accountView(database::Transaction& tx, const AccountRecord& account, Instant now)
{
    QUITTANCE_TRY(const BillingProfile profile, profileAt(tx, account.id, now));
    QUITTANCE_TRY(const BillingTerms terms, termsAt(tx, account.id, now));
    QUITTANCE_TRY(contract::TermsView termsShown, termsView(tx, terms));
    return contract::AccountView { account.id,           account.name, account.currency.code(),
                                   account.timeZone,     account.plan, view(profile),
                                   std::move(termsShown) };
}

Result<contract::AccountHistoryView> accountHistory(database::Transaction& tx, AccountId account)
{
    constexpr int most = contract::historyVersionsMax;
    QUITTANCE_CHECK(findAccount(tx, account));
    contract::AccountHistoryView history;
    history.account = account;
    QUITTANCE_TRY(const std::vector<BillingProfile> profiles, listProfiles(tx, account, most));
    for (const BillingProfile& profile : profiles)
        history.profiles.push_back({ profile.validFrom, view(profile) });
    QUITTANCE_TRY(const std::vector<BillingTerms> terms, listTerms(tx, account, most));
    for (const BillingTerms& one : terms) {
        QUITTANCE_TRY(contract::TermsView shown, termsView(tx, one));
        history.terms.push_back({ one.validFrom, std::move(shown) });
    }
    return history;
}

contract::LegalEntityView view(const LegalEntity& entity)
{
    return { entity.code, entity.party.legalName, entity.party.country };
}

Result<contract::BillItem> billItem(database::Transaction& tx, BillId bill)
{
    QUITTANCE_TRY(Bill found, findBill(tx, bill));
    QUITTANCE_TRY(std::vector<CostRow> costs, costRows(tx, bill));
    return contract::BillItem { std::move(found), std::move(costs) };
}

std::vector<contract::EventView> eventViews(const EventPage& page, int quantityDigits)
{
    std::vector<contract::EventView> views;
    views.reserve(page.events.size());
    for (std::size_t i = 0; i < page.events.size(); ++i) {
        const UsageEvent& event = page.events[i];
        views.push_back({ event.id, event.source, event.resource, event.project, event.start,
                          event.end, formatFixed(event.quantity, quantityDigits, true),
                          formatFixed(page.quantitiesWithin[i], quantityDigits, true) });
    }
    return views;
}

} // namespace quittance::backend
