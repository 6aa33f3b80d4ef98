#include "backend/billing/make_bill.h"

#include "backend/pricing/pricing.h"
#include "backend/usage/usage.h"

#include <sodium.h>

#include <algorithm>
#include <numeric>
#include <set>
#include <string>

namespace quittance::backend {

namespace {

/// Fields one after the other, each ended by a byte that no text holds (the database refuses NUL).
class CanonicalText {
public:
    CanonicalText& add(std::string_view text)
    {
        m_bytes.append(text);
        m_bytes.push_back('\0');
        return *this;
    }
    CanonicalText& add(std::int64_t number) { return add(std::to_string(number)); }
    [[nodiscard]] const std::string& bytes() const { return m_bytes; }

private:
    std::string m_bytes;
};

void addPrice(CanonicalText& text, const Price& price)
{
    text.add(price.sku)
        .add(price.meter)
        .add(price.service)
        .add(price.name)
        .add(price.unit)
        .add(price.per)
        .add(price.rate.nanos)
        .add(price.discountMillionths)
        .add(price.discountName);
}

void addDay(CanonicalText& text, const std::optional<Date>& day)
{
    text.add(day ? std::to_string(day->days) : "");
}

void addDiscounts(CanonicalText& text, const std::vector<Discount>& discounts)
{
    text.add(static_cast<std::int64_t>(discounts.size()));
    for (const Discount& discount : discounts) {
        text.add(discount.name).add(discount.millionths).add(discount.amount.nanos);
        addDay(text, discount.from);
        addDay(text, discount.until);
    }
}

void addModel(CanonicalText& text, const Price& price)
{
    text.add(static_cast<std::int64_t>(price.model))
        .add(price.packageSize)
        .add(price.freeUnits)
        .add(price.minimum.nanos)
        .add(static_cast<std::int64_t>(price.tiers.size()));
    for (const PriceTier& tier : price.tiers)
        text.add(tier.upTo ? std::to_string(*tier.upTo) : "")
            .add(tier.rate.nanos)
            .add(tier.flat.nanos);
    addDiscounts(text, price.discounts);
}

void addNames(CanonicalText& text, const std::vector<std::string>& names)
{
    text.add(static_cast<std::int64_t>(names.size()));
    for (const std::string& name : names)
        text.add(name);
}

void addCommitments(CanonicalText& text, const std::vector<Commitment>& commitments)
{
    text.add(static_cast<std::int64_t>(commitments.size()));
    for (const Commitment& commitment : commitments) {
        text.add(commitment.sku)
            .add(commitment.name)
            .add(commitment.service)
            .add(commitment.amount.nanos);
        addNames(text, commitment.services);
        addNames(text, commitment.skus);
    }
}

Result<Money> sumOf(std::span<const TaxTotal> taxes, Currency currency, Money TaxTotal::*part)
{
    Money sum { 0, currency };
    for (const TaxTotal& tax : taxes) {
        QUITTANCE_TRY(sum, add(sum, tax.*part));
    }
    return sum;
}

} // namespace

database::Bytes sha256(std::string_view bytes)
{
    static_assert(sha256Bytes == crypto_hash_sha256_BYTES);
    std::array<unsigned char, sha256Bytes> hash {};
    crypto_hash_sha256(
        hash.data(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()
    );
    database::Bytes out(hash.size());
    std::ranges::transform(hash, out.begin(), [](unsigned char byte) {
        return std::byte { byte };
    });
    return out;
}

database::Bytes hashOf(const PricePlan& version)
{
    CanonicalText text;
    const bool hasModels = usesModels(version);
    if (hasModels)
        text.add(""); // no plan without them begins so: its code is not empty
    text.add(version.code)
        .add(version.version)
        .add(version.effective.days)
        .add(version.currency.code())
        .add(version.name);
    std::vector<const Price*> prices;
    prices.reserve(version.prices.size());
    for (const Price& price : version.prices)
        prices.push_back(&price);
    std::ranges::sort(prices, [](const Price* a, const Price* b) {
        return std::tie(a->meter, a->sku) < std::tie(b->meter, b->sku);
    });
    for (const Price* const price : prices) {
        addPrice(text, *price);
        if (hasModels)
            addModel(text, *price);
    }
    if (hasModels) {
        addDiscounts(text, version.discounts);
        addCommitments(text, version.commitments);
    }
    return sha256(text.bytes());
}

std::int32_t newestVersion(std::span<const PricePlan> versions)
{
    return std::accumulate(
        versions.begin(), versions.end(), std::int32_t { 0 },
        [](std::int32_t newest, const PricePlan& plan) { return std::max(newest, plan.version); }
    );
}

std::vector<BilledPlan>
plansOf(std::span<const BillLine> lines, std::span<const PricePlan> versions)
{
    using Version = std::pair<std::string_view, std::int32_t>;
    std::set<Version> used;
    for (const BillLine& line : lines)
        used.emplace(line.plan, line.planVersion);
    std::vector<BilledPlan> plans;
    for (const PricePlan& version : versions) {
        if (used.erase({ version.code, version.version }) != 0)
            plans.push_back({ version.code, version.version, hashOf(version) });
    }
    std::ranges::sort(plans, {}, [](const BilledPlan& plan) {
        return Version(plan.plan, plan.version);
    });
    return plans;
}

Result<MonthOfUse> readMonth(
    database::Transaction& tx, const AccountRecord& account, Month month, const std::string& plan
)
{
    MonthOfUse use;
    QUITTANCE_TRY(use.zone, TimeZone::find(account.timeZone));
    use.period = use.zone.intervalOf(month);
    const Date last { firstDay(next(month)).days - 1 };
    QUITTANCE_TRY(use.usage, usageRows(tx, account.id, firstDay(month), last, use.zone));
    QUITTANCE_TRY(use.versions, planVersions(tx, plan));
    QUITTANCE_TRY(use.meters, listMeters(tx));
    for (const UsageRow& row : use.usage)
        use.usageEvents += row.events;
    use.heldFrom = use.zone.dateAt(account.createdAt);
    return use;
}

Result<RatedUsage>
rateMonth(const MonthOfUse& month, Month calendarMonth, Currency currency, const TaxRate& tax)
{
    RatingInput input;
    input.usage = month.usage;
    input.versions = month.versions;
    input.meters = month.meters;
    input.zone = month.zone;
    input.month = calendarMonth;
    input.currency = currency;
    input.tax = tax;
    input.heldFrom = month.heldFrom;
    return rateUsage(input);
}

Result<> setAmounts(StoredBill& stored, RatedUsage rated)
{
    Bill& bill = stored.bill;
    const Currency currency = rated.net.currency;
    QUITTANCE_TRY(bill.taxes, totalTaxes(rated.lines, currency, stored.basis.taxRounding));
    QUITTANCE_TRY(bill.summary.net, sumOf(bill.taxes, currency, &TaxTotal::net));
    QUITTANCE_TRY(bill.summary.tax, sumOf(bill.taxes, currency, &TaxTotal::amount));
    QUITTANCE_TRY(bill.summary.total, add(bill.summary.net, bill.summary.tax));
    bill.summary.open = { 0, currency };
    bill.summary.lineCount = static_cast<std::int32_t>(rated.lines.size());
    bill.lines = std::move(rated.lines);
    stored.costs = std::move(rated.costs);
    return {};
}

} // namespace quittance::backend
