#include "sandbox/demo/demo_usage.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace quittance::sandbox {

namespace {

constexpr int full = 100;
constexpr std::int64_t secondsPerHour = 3600;
constexpr std::int64_t microsPerHour = secondsPerHour * microsPerSecond;

Instant later(Instant start, std::int64_t seconds)
{
    return Instant { start.micros + seconds * microsPerSecond };
}

/// How busy a day is, in percent: weekends half, one week of each month doubled, growth of 4% a
/// month.
int dayLevel(Date day, int monthNumber)
{
    constexpr int saturday = 5;
    constexpr int growthPercent = 4;
    int level = full + growthPercent * monthNumber;
    if (weekday(day) >= saturday)
        level /= 2;
    const YearMonthDay date = civil(day);
    const int busyFrom = 6 + date.month % 4 * 4;
    if (date.day >= busyFrom && date.day < busyFrom + 6)
        level = level * 8 / 5;
    return level;
}

} // namespace

DemoUsage::DemoUsage(const DemoAccount& account, AccountId id, TimeZone zone, SeededRandom& random)
    : m_account(account)
    , m_id(id)
    , m_zone(std::move(zone))
    , m_random(random)
{
}

int DemoUsage::between(int low, int high)
{
    const std::int64_t choices = std::int64_t { high } - low + 1;
    return low + static_cast<int>(m_random.below(static_cast<std::uint64_t>(choices)));
}

const std::string& DemoUsage::anyOf(const std::vector<std::string>& values)
{
    return values[m_random.below(values.size())];
}

UsageEvent DemoUsage::event(
    std::string source, std::string id, std::string meter, Instant start, Instant end
) const
{
    UsageEvent made;
    made.account = m_id;
    made.source = std::move(source);
    made.id = std::move(id);
    made.meter = std::move(meter);
    made.start = start;
    made.end = end;
    return made;
}

// Metering reports what has ended: nothing lies ahead of the present.
void DemoUsage::add(UsageEvent event)
{
    if (event.end <= m_until)
        m_events.push_back(std::move(event));
}

void DemoUsage::addPods(Date day, int level)
{
    if (m_account.appetite.pods == 0 || m_account.podSkus.empty())
        return;
    constexpr int podsOfBigCustomer = 9;
    const int pods
        = std::max(1, m_account.appetite.pods * podsOfBigCustomer * level / (full * full));
    const Instant midnight = m_zone.startOf(day);
    for (int i = 0; i < pods; ++i) {
        const Instant start = later(midnight, between(0, 14 * 3600));
        const std::int64_t seconds = between(900, 9 * 3600);
        const std::int64_t gpus = std::int64_t { 1 } << between(0, 2);
        const std::string pod = fmt::format("pod-{}-{:02}", toText(day), i);
        UsageEvent use = event("pods", pod, "gpu-seconds", start, later(start, seconds));
        use.sku = anyOf(m_account.podSkus);
        use.project = anyOf(m_account.projects);
        use.resource = fmt::format("{}-{}", use.project, between(1, 6));
        use.quantity = gpus * seconds * microsPerSecond;
        add(std::move(use));
    }
}

void DemoUsage::addNodes(Date day)
{
    constexpr int appetitePerNode = 20;
    const int nodes = m_account.appetite.bareMetal / appetitePerNode;
    const Instant start = m_zone.startOf(day);
    const Instant end = m_zone.startOf(Date { day.days + 1 });
    for (int node = 1; node <= nodes; ++node) {
        UsageEvent use = event(
            "bare-metal", fmt::format("node-{}-{}", node, toText(day)), "node-seconds", start, end
        );
        use.sku = node % 3 == 0 ? "bare-metal-8xa100" : "bare-metal-8xh100";
        use.project = m_account.projects.front();
        use.resource = fmt::format("node-{:02}", node);
        use.quantity = end.micros - start.micros;
        add(std::move(use));
    }
}

void DemoUsage::addCalls(Date day, int level)
{
    if (m_account.appetite.models == 0)
        return;
    constexpr int callsOfBigCustomer = 900;
    const Instant midnight = m_zone.startOf(day);
    // Metering sums six hours of one project into one event a meter.
    for (int part = 0; part < 4; ++part) {
        const Instant start { midnight.micros + part * 6 * microsPerHour };
        const Instant end { start.micros + 6 * microsPerHour };
        const std::string project = anyOf(m_account.projects);
        const std::int64_t calls = std::int64_t { 1 }
            + m_account.appetite.models * between(callsOfBigCustomer / 2, callsOfBigCustomer)
                * level / full;
        const auto addMeter = [&](const char* meter, std::int64_t quantity) {
            UsageEvent use = event(
                "model-api", fmt::format("{}-{}-{}", toText(day), part, meter), meter, start, end
            );
            use.sku = m_account.model;
            use.project = project;
            use.resource = fmt::format("{}-endpoint", project);
            use.quantity = quantity;
            add(std::move(use));
        };
        addMeter("calls", calls);
        addMeter("input-tokens", calls * between(700, 1500));
        addMeter("output-tokens", calls * between(150, 420));
    }
}

void DemoUsage::addStorage(Date day, int monthNumber)
{
    if (m_account.appetite.storage == 0)
        return;
    constexpr std::int64_t mebibytesPerAppetite = 220 * 1024;
    const Instant start = m_zone.startOf(day);
    const Instant end = m_zone.startOf(Date { day.days + 1 });
    const std::int64_t seconds = (end.micros - start.micros) / microsPerSecond;
    const std::int64_t stored
        = m_account.appetite.storage * mebibytesPerAppetite * (10 + monthNumber) / 10;
    for (std::size_t i = 0; i < m_account.projects.size(); ++i) {
        UsageEvent use = event(
            "storage", fmt::format("{}-{}", m_account.projects[i], toText(day)), "mib-seconds",
            start, end
        );
        use.sku = i == 1 ? "file-parallel" : "object-standard";
        use.project = m_account.projects[i];
        use.resource = fmt::format("{}-data", m_account.projects[i]);
        use.quantity = stored * seconds / static_cast<std::int64_t>(i + 1);
        add(std::move(use));
    }
}

std::vector<UsageEvent> DemoUsage::month(Month month, int monthNumber, Instant until)
{
    m_events.clear();
    m_until = until;
    const Date last = firstDay(next(month));
    for (Date day = firstDay(month); day < last; ++day.days) {
        const int level = dayLevel(day, monthNumber);
        addPods(day, level);
        addNodes(day);
        addCalls(day, level);
        addStorage(day, monthNumber);
    }
    return std::move(m_events);
}

} // namespace quittance::sandbox
