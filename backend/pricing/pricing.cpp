#include "backend/pricing/pricing.h"

#include "backend/journal/journal.h"
#include "backend/pricing/pricing_queries.h"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace quittance::backend {

namespace {

using database::Transaction;

constexpr int meterDigitsMax = 9;
constexpr std::size_t meterNameSizeMax = 100;

bool isSameContent(const PricePlan& stored, PricePlan wanted)
{
    wanted.version = stored.version;
    return stored == wanted;
}

Result<> checkFollows(const PricePlan& latest, const PricePlan& plan)
{
    if (plan.effective <= latest.effective)
        return failure(
            ErrorCode::InvalidArgument,
            fmt::format(
                "plan {}: effective {} is not after {}, the date of version {}", plan.code,
                toText(plan.effective), toText(latest.effective), latest.version
            )
        );
    if (plan.currency != latest.currency)
        return failure(
            ErrorCode::InvalidArgument,
            fmt::format(
                "plan {}: currency {} is not {}, that of version {}", plan.code,
                plan.currency.code(), latest.currency.code(), latest.version
            )
        );
    return {};
}

JournalDraft
loadedDraft(std::int64_t planId, const std::optional<PricePlan>& latest, const PricePlan& plan)
{
    const auto textOf = [](const PricePlan& version) {
        return boost::json::serialize(boost::json::object {
            { "code", version.code },
            { "version", version.version },
            { "effective", toText(version.effective) },
            { "currency", version.currency.code() },
            { "prices", version.prices.size() } });
    };
    JournalDraft draft;
    draft.kind = "plan.loaded";
    draft.subjectType = "plan";
    draft.subjectId = planId;
    draft.before = latest ? textOf(*latest) : "";
    draft.after = textOf(plan);
    return draft;
}

bool isMeterNameCharacter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

Result<> checkMeter(const Meter& meter)
{
    if (meter.name.empty() || meter.name.size() > meterNameSizeMax
        || !std::all_of(meter.name.begin(), meter.name.end(), isMeterNameCharacter))
        return failure(
            ErrorCode::InvalidArgument,
            fmt::format("meter \"{}\": needs lower-case letters, digits and dashes", meter.name)
        );
    if (meter.digits < 0 || meter.digits > meterDigitsMax)
        return failure(
            ErrorCode::InvalidArgument,
            fmt::format(
                "meter {}: {} digits, 0 to {} are possible", meter.name, meter.digits,
                meterDigitsMax
            )
        );
    return {};
}

} // namespace

Result<std::int32_t> loadPlan(const Context& context, const Actor& actor, const PricePlan& plan)
{
    QUITTANCE_CHECK(validate(plan));
    return context.database.write([&](Transaction& tx) -> Result<std::int32_t> {
        QUITTANCE_TRY(const std::int64_t id, pricing_queries::lockPlan(tx, plan.code));
        QUITTANCE_TRY(const auto versions, planVersions(tx, plan.code));
        for (const PricePlan& version : versions)
            if (isSameContent(version, plan))
                return version.version;
        std::optional<PricePlan> latest;
        PricePlan next = plan;
        next.version = 1;
        if (!versions.empty()) {
            latest = versions.back();
            QUITTANCE_CHECK(checkFollows(*latest, plan));
            next.version = latest->version + 1;
        }
        QUITTANCE_CHECK(pricing_queries::insertVersion(tx, next, context.clock.now()));
        QUITTANCE_CHECK(appendJournal(tx, context, actor, loadedDraft(id, latest, next)));
        return next.version;
    });
}

Result<bool> isPlanLoaded(Transaction& tx, std::string_view code, std::string_view currency)
{
    QUITTANCE_TRY(const auto versions, planVersions(tx, code));
    if (versions.empty())
        return false;
    const Currency ofPlan = versions.front().currency;
    if (ofPlan.code() == currency)
        return true;
    return failure(
        ErrorCode::InvalidArgument,
        fmt::format("plan \"{}\": its prices are in {}, not in {}", code, ofPlan.code(), currency)
    );
}

Result<> ensureMeters(Transaction& tx, const std::vector<Meter>& meters)
{
    for (const Meter& meter : meters) {
        QUITTANCE_CHECK(checkMeter(meter));
        QUITTANCE_CHECK(pricing_queries::insertMeterIfAbsent(tx, meter));
    }
    QUITTANCE_TRY(const auto stored, listMeters(tx));
    std::map<std::string_view, const Meter*> known;
    for (const Meter& meter : stored)
        known[meter.name] = &meter;
    for (const Meter& meter : meters)
        if (const Meter* const there = known[meter.name]; there == nullptr || *there != meter)
            return failure(
                ErrorCode::Conflict,
                fmt::format(
                    "meter {} ({}, {} digits) is known with another unit or number of digits",
                    meter.name, meter.unit, meter.digits
                )
            );
    return {};
}

} // namespace quittance::backend
