#pragma once

#include "core/contract/messages.h"
#include "core/domain/result.h"

#include <boost/json/value.hpp>

#include <string>
#include <string_view>

/// The codec: domain and message types <-> JSON, one description a type, used in both directions by
/// both programs. Objects are closed: an unknown or missing field is MalformedInput, naming its
/// path ("lines[3].rate"). Money is {"amount": "12.34", "currency": "USD"}; instants RFC 3339 UTC;
/// dates YYYY-MM-DD; months YYYY-MM; quantities, rates and percentages decimal strings;
/// enumerations their wire names; an absent value is null. Everything is written; of what is read,
/// only BillLine.steps may lack, since consoles keep bytes from before it was.
namespace quittance::contract {

/// Defined for every type of messages.h, and for Money, Bill, BillSummary, BillLine, PriceStep,
/// CorrectedBill, TaxTotal, CostRow, PricePlan, PriceTier, Discount, Commitment, Page<AccountView>,
/// Page<PersonView>, Page<TokenView>, Page<BillSummary>, Page<EventView>, Page<PricePlan>.
template <class T> [[nodiscard]] boost::json::value toJson(const T& value);
template <class T> [[nodiscard]] Result<T> fromJson(const boost::json::value& json);

/// Parses with limits on size and depth: TooLarge, MalformedInput with the byte where it stops
/// being JSON.
constexpr std::size_t jsonBytesMax = 64U << 20U;
constexpr std::size_t jsonDepthMax = 32;
[[nodiscard]] Result<boost::json::value>
parseJson(std::string_view text, std::size_t bytesMax = jsonBytesMax);

template <class T> [[nodiscard]] std::string toText(const T& value);
template <class T> [[nodiscard]] Result<T> fromText(std::string_view text)
{
    QUITTANCE_TRY(const boost::json::value json, parseJson(text));
    return fromJson<T>(json);
}

} // namespace quittance::contract
