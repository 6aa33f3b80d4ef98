#include "core/domain/rating/rating.h"

#include "core/domain/rating/month_lines.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace quittance {

namespace {

constexpr std::int64_t millionth = 1'000'000;

std::vector<PlanSpan> spansOf(const RatingInput& input)
{
    std::vector<const PricePlan*> versions;
    versions.reserve(input.versions.size());
    for (const auto& version : input.versions)
        versions.push_back(&version);
    std::ranges::sort(versions, [](const PricePlan* a, const PricePlan* b) {
        return std::tie(a->effective, a->version) < std::tie(b->effective, b->version);
    });
    const Date first = firstDay(input.month);
    const Date end = firstDay(next(input.month));
    std::vector<PlanSpan> spans;
    for (std::size_t i = 0; i < versions.size(); ++i) {
        const Date from = std::max(first, versions[i]->effective);
        const Date to = i + 1 < versions.size() ? std::min(end, versions[i + 1]->effective) : end;
        // Empty for versions of other months, and for one that another replaces on its own first
        // day.
        if (from < to)
            spans.push_back({ versions[i], from, to });
    }
    return spans;
}

std::optional<std::size_t> spanAt(std::span<const PlanSpan> spans, Date day)
{
    for (std::size_t i = 0; i < spans.size(); ++i) {
        if (spans[i].first <= day && day < spans[i].end)
            return i;
    }
    return std::nullopt;
}

Result<> addTo(std::int64_t& sum, std::int64_t value, const UsageRow& row)
{
    if (__builtin_add_overflow(sum, value, &sum))
        return failure(
            ErrorCode::Overflow,
            fmt::format("the use of meter '{}', sku '{}' leaves 64 bits", row.meter, row.sku)
        );
    return {};
}

Result<> addRow(SpanUse& use, const UsageRow& row)
{
    auto& share = use.shares[Place { row.day, row.project, row.resource }];
    QUITTANCE_CHECK(addTo(share.quantity, row.quantity, row));
    return addTo(share.events, row.events, row);
}

/// Collects rows by line, and apart from them the rows that nothing prices.
class Collector {
public:
    Collector(const RatingInput& input, std::span<const PlanSpan> spans)
        : m_spans(spans)
        , m_first(firstDay(input.month))
        , m_end(firstDay(next(input.month)))
    {
    }

    [[nodiscard]] Result<> add(const UsageRow& row)
    {
        if (row.day < m_first || m_end <= row.day)
            return failure(
                ErrorCode::InvalidArgument,
                fmt::format("use on {} is not of the month that is rated", toText(row.day))
            );
        const auto span = spanAt(m_spans, row.day);
        if (!span)
            return addUnpriced(row);
        MonthUse& month = m_use[{ row.meter, row.sku }];
        auto place = month.find(*span);
        if (place == month.end()) {
            if (findPrice(*m_spans[*span].plan, row.sku, row.meter) == nullptr)
                return addUnpriced(row);
            place = month.try_emplace(*span).first;
        }
        return addRow(place->second, row);
    }

    /// What has no use and a price all the same.
    void addMinimums()
    {
        for (const PlanSpan& span : m_spans) {
            for (const Price& price : span.plan->prices) {
                if (price.minimum.nanos > 0)
                    m_use.try_emplace({ price.meter, price.sku });
            }
        }
    }

    [[nodiscard]] const std::map<MeterSku, MonthUse>& use() const { return m_use; }

    [[nodiscard]] std::vector<UnpricedUsage> unpriced() const
    {
        std::vector<UnpricedUsage> list;
        list.reserve(m_unpriced.size());
        for (const auto& [key, use] : m_unpriced)
            list.push_back(use);
        return list;
    }

private:
    [[nodiscard]] Result<> addUnpriced(const UsageRow& row)
    {
        auto [place, isNew] = m_unpriced.try_emplace(
            { row.meter, row.sku }, UnpricedUsage { row.meter, row.sku, 0, 0, row.day }
        );
        auto& use = place->second;
        use.firstDay = std::min(use.firstDay, row.day);
        QUITTANCE_CHECK(addTo(use.quantity, row.quantity, row));
        return addTo(use.events, row.events, row);
    }

    std::span<const PlanSpan> m_spans;
    Date m_first;
    Date m_end;
    std::map<MeterSku, MonthUse> m_use;
    std::map<std::pair<std::string_view, std::string_view>, UnpricedUsage> m_unpriced;
};

Result<> checkCurrencies(const RatingInput& input, std::span<const PlanSpan> spans)
{
    for (const auto& span : spans) {
        if (span.plan->currency != input.currency)
            return failure(
                ErrorCode::CurrencyMismatch,
                fmt::format(
                    "plan '{}' version {} is in {}, the account in {}", span.plan->code,
                    span.plan->version, span.plan->currency.code(), input.currency.code()
                )
            );
    }
    return {};
}

} // namespace

Result<RatedUsage> rateUsage(const RatingInput& input)
{
    const auto spans = spansOf(input);
    QUITTANCE_CHECK(checkCurrencies(input, spans));
    Collector collector(input, spans);
    for (const auto& row : input.usage)
        QUITTANCE_CHECK(collector.add(row));
    collector.addMinimums();
    QUITTANCE_TRY(auto result, rateLines(input, spans, collector.use()));
    result.unpriced = collector.unpriced();
    return result;
}

Result<std::vector<TaxTotal>>
totalTaxes(std::span<const BillLine> lines, Currency currency, Rounding rounding)
{
    std::map<TaxRate, Money> nets;
    for (const auto& line : lines) {
        auto& net = nets.try_emplace(line.tax, Money { 0, currency }).first->second;
        QUITTANCE_TRY(net, add(net, line.amount));
    }
    std::vector<TaxTotal> totals;
    totals.reserve(nets.size());
    for (const auto& [tax, net] : nets) {
        QUITTANCE_TRY(
            const auto minor,
            divideRounded(Int128 { net.minor } * tax.millionths, millionth, rounding)
        );
        totals.push_back({ tax, net, Money { minor, currency } });
    }
    return totals;
}

} // namespace quittance
