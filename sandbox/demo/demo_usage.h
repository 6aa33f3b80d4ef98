#pragma once

#include "core/domain/random.h"
#include "core/domain/time_zone.h"
#include "core/domain/usage.h"
#include "sandbox/demo/demo_accounts.h"

#include <vector>

namespace quittance::sandbox {

/// Use of one account over the days of a month, up to `until`: weekdays busier than weekends,
/// growing month by month, with a busy week now and then, so that charts have something to say.
class DemoUsage {
public:
    DemoUsage(const DemoAccount& account, AccountId id, TimeZone zone, SeededRandom& random);

    [[nodiscard]] std::vector<UsageEvent> month(Month month, int monthNumber, Instant until);

private:
    void addPods(Date day, int level);
    void addNodes(Date day);
    void addCalls(Date day, int level);
    void addStorage(Date day, int monthNumber);
    void add(UsageEvent event);
    [[nodiscard]] UsageEvent
    event(std::string source, std::string id, std::string meter, Instant start, Instant end) const;
    [[nodiscard]] int between(int low, int high);
    [[nodiscard]] const std::string& anyOf(const std::vector<std::string>& values);

    const DemoAccount& m_account;
    AccountId m_id;
    TimeZone m_zone;
    SeededRandom& m_random;
    Instant m_until;
    std::vector<UsageEvent> m_events;
};

} // namespace quittance::sandbox
