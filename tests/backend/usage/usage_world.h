#pragma once

#include "backend/accounts/accounts.h"
#include "backend/pricing/pricing.h"
#include "backend/usage/usage.h"
#include "core/domain/meters.h"
#include "tests/backend/foundation.h"

#include <algorithm>
#include <string>
#include <vector>

namespace quittance::testing {

inline constexpr std::initializer_list<Foundation::Make> usageSchema {
    backend::journalMigration,     backend::accountsMigration, backend::pricingMigration,
    backend::priceModelsMigration, backend::usageMigration,    backend::usageMonthsMigration
};

/// A database with the standard meters and whatever accounts a test adds.
class UsageWorld : public Foundation {
public:
    explicit UsageWorld(TestDatabase& db, std::initializer_list<Make> schema = usageSchema)
        : Foundation(db, schema)
    {
        const auto meters = standardMeters();
        const auto made = write([&](database::Transaction& tx) {
            return backend::ensureMeters(tx, { meters.begin(), meters.end() });
        });
        REQUIRE(detailOf(made) == "");
    }

    AccountId account(const std::string& name, const std::string& zone = "UTC")
    {
        backend::NewAccount wanted;
        wanted.name = name;
        wanted.timeZone = zone;
        return valueOf(backend::addAccount(context(), commandLine, wanted));
    }

    backend::BatchReport add(const std::vector<UsageEvent>& events)
    {
        const auto here = context();
        return valueOf(write([&](database::Transaction& tx) {
            return backend::addUsage(tx, here, events);
        }));
    }

    std::vector<backend::UsageTotal> totals()
    {
        return read([](database::Transaction& tx) { return backend::usageTotals(tx); });
    }

    std::vector<std::string> faults()
    {
        return read([](database::Transaction& tx) { return backend::checkUsage(tx); });
    }

    std::vector<UsageRow> rows(
        AccountId account, const std::string& zone, const std::string& first,
        const std::string& last
    )
    {
        return read([&](database::Transaction& tx) {
            return backend::usageRows(
                tx, account, valueOf(parseDate(first)), valueOf(parseDate(last)),
                valueOf(TimeZone::find(zone))
            );
        });
    }
};

inline Instant at(const std::string& text)
{
    return valueOf(parseInstant(text));
}

/// An event of calls at one moment; the rest is set by who needs it.
inline UsageEvent
call(AccountId account, const std::string& id, const std::string& when, std::int64_t quantity = 1)
{
    UsageEvent event;
    event.account = account;
    event.source = "test";
    event.id = id;
    event.meter = "calls";
    event.sku = "model-a";
    event.start = at(when);
    event.end = event.start;
    event.quantity = quantity;
    return event;
}

/// One GPU in use over a span: as many microseconds of it as the span has.
inline UsageEvent
pod(AccountId account, const std::string& id, const std::string& from, const std::string& to)
{
    UsageEvent event = call(account, id, from);
    event.meter = "gpu-seconds";
    event.sku = "gpu-pod-a10";
    event.resource = id;
    event.end = at(to);
    event.quantity = event.end.micros - event.start.micros;
    return event;
}

} // namespace quittance::testing
