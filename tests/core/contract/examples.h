#pragma once

#include "core/contract/codec.h"

#include <boost/json.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace quittance::testing {

/// A message type as both sides name it: the schema of openapi.yaml, the golden example of
/// core/contract/examples, and the codec.
struct MessageType {
    std::string_view name;
    /// What the codec makes of a text: decoded and encoded again.
    Result<std::string> (*again)(std::string_view text);
};

template <class T> Result<std::string> decodeAndEncode(std::string_view text)
{
    QUITTANCE_TRY(const T value, contract::fromText<T>(text));
    return contract::toText(value);
}

inline std::vector<MessageType> messageTypes()
{
    using namespace contract;
    return {
        { "Money", decodeAndEncode<Money> },
        { "Bill", decodeAndEncode<Bill> },
        { "BillSummary", decodeAndEncode<BillSummary> },
        { "BillLine", decodeAndEncode<BillLine> },
        { "PriceStep", decodeAndEncode<PriceStep> },
        { "CorrectedBill", decodeAndEncode<CorrectedBill> },
        { "PriceTier", decodeAndEncode<PriceTier> },
        { "Discount", decodeAndEncode<Discount> },
        { "Commitment", decodeAndEncode<Commitment> },
        { "Party", decodeAndEncode<BillParty> },
        { "TaxTotal", decodeAndEncode<TaxTotal> },
        { "CostRow", decodeAndEncode<CostRow> },
        { "BillItem", decodeAndEncode<BillItem> },
        { "Plan", decodeAndEncode<PricePlan> },
        { "Problem", decodeAndEncode<Problem> },
        { "SignInRequest", decodeAndEncode<SignInRequest> },
        { "Grant", decodeAndEncode<GrantView> },
        { "Me", decodeAndEncode<Me> },
        { "Session", decodeAndEncode<SessionView> },
        { "ViewAsRequest", decodeAndEncode<ViewAsRequest> },
        { "Brand", decodeAndEncode<BrandView> },
        { "Profile", decodeAndEncode<ProfileView> },
        { "Terms", decodeAndEncode<TermsView> },
        { "Account", decodeAndEncode<AccountView> },
        { "ProfileVersion", decodeAndEncode<ProfileVersionView> },
        { "TermsVersion", decodeAndEncode<TermsVersionView> },
        { "AccountHistory", decodeAndEncode<AccountHistoryView> },
        { "LegalEntity", decodeAndEncode<LegalEntityView> },
        { "NewAccountRequest", decodeAndEncode<NewAccountRequest> },
        { "UsageEventRequest", decodeAndEncode<UsageEventRequest> },
        { "UsageBatchRequest", decodeAndEncode<UsageBatchRequest> },
        { "RefusedUsage", decodeAndEncode<RefusedUsage> },
        { "UsageReceipt", decodeAndEncode<UsageReceipt> },
        { "Person", decodeAndEncode<PersonView> },
        { "InvitePersonRequest", decodeAndEncode<InvitePersonRequest> },
        { "Invitation", decodeAndEncode<InvitationView> },
        { "AcceptInvitationRequest", decodeAndEncode<AcceptInvitationRequest> },
        { "Token", decodeAndEncode<TokenView> },
        { "NewTokenRequest", decodeAndEncode<NewTokenRequest> },
        { "TokenCreated", decodeAndEncode<TokenCreatedView> },
        { "Event", decodeAndEncode<EventView> },
        { "Item", decodeAndEncode<Item> },
        { "ChangePage", decodeAndEncode<ChangePage> },
        { "SnapshotHeader", decodeAndEncode<SnapshotHeader> },
        { "SnapshotEnd", decodeAndEncode<SnapshotEnd> },
        { "AccountPage", decodeAndEncode<Page<AccountView>> },
        { "PersonPage", decodeAndEncode<Page<PersonView>> },
        { "TokenPage", decodeAndEncode<Page<TokenView>> },
        { "BillPage", decodeAndEncode<Page<BillSummary>> },
        { "EventPage", decodeAndEncode<Page<EventView>> },
        { "PlanPage", decodeAndEncode<Page<PricePlan>> },
    };
}

inline std::string fileText(const std::filesystem::path& file)
{
    std::ifstream stream(file, std::ios::binary);
    if (!stream)
        throw std::runtime_error("cannot read " + file.string());
    return std::string(std::istreambuf_iterator<char>(stream), {});
}

/// The golden example of a type, as it stands on the wire.
inline std::string exampleText(std::string_view name)
{
    std::string text = fileText("core/contract/examples/" + std::string(name) + ".json");
    if (!text.empty() && text.back() == '\n')
        text.pop_back();
    return text;
}

inline boost::json::object exampleObject(std::string_view name)
{
    return boost::json::parse(exampleText(name)).as_object();
}

} // namespace quittance::testing
