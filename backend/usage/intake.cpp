#include "backend/usage/intake.h"

#include "backend/journal/journal.h"
#include "backend/pricing/pricing.h"
#include "backend/usage/usage.h"
#include "core/domain/decimal.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace quittance::backend {

namespace {

using database::Transaction;

auto absentAccount()
{
    return failure(ErrorCode::NotFound, "there is no such account");
}

Result<> checkWindow(const UsageEvent& event, Instant now)
{
    const Instant first { now.micros - intakeBackMicros };
    const Instant last { now.micros + intakeAheadMicros };
    if (event.start >= first && event.end <= last)
        return {};
    return failure(
        ErrorCode::InvalidArgument,
        fmt::format(
            "the event from {} to {} lies outside {} to {}: older usage enters by an import",
            toText(event.start), toText(event.end), toText(first), toText(last)
        )
    );
}

Result<std::int64_t> quantityOf(const IntakeEvent& row, const std::vector<Meter>& meters)
{
    const auto meter = std::ranges::find(meters, row.event.meter, &Meter::name);
    if (meter == meters.end())
        return failure(
            ErrorCode::InvalidArgument, fmt::format("meter '{}' does not exist", row.event.meter)
        );
    QUITTANCE_TRY(const std::int64_t quantity, parseFixed(row.quantity, meter->digits));
    if (quantity < 0)
        return failure(
            ErrorCode::InvalidArgument, fmt::format("the quantity {} is negative", row.quantity)
        );
    return quantity;
}

/// The rows of a batch that may be stored, and the refusals of the others.
class Intake {
public:
    Intake(Instant now, std::vector<Meter> meters, const std::function<bool(AccountId)>& mayWrite)
        : m_now(now)
        , m_meters(std::move(meters))
        , m_mayWrite(&mayWrite)
    {
    }

    void take(const IntakeEvent& row)
    {
        const Result<UsageEvent> event = checked(row);
        if (!event) {
            refuse(row, event.error());
            return;
        }
        m_rows.push_back(&row);
        m_events.push_back(*event);
    }

    Result<IntakeReport> store(Transaction& tx, const Context& context, SumCheck check)
    {
        QUITTANCE_TRY(const BatchReport stored, addUsage(tx, context, m_events, check));
        m_report.accepted = stored.accepted;
        m_report.repeated = stored.repeated;
        for (const RefusedEvent& refused : stored.refused) {
            const bool isAbsent = refused.error.code == ErrorCode::NotFound;
            refuse(
                *m_rows[refused.index], isAbsent ? Result<>(absentAccount()).error() : refused.error
            );
        }
        std::ranges::sort(m_report.refused, {}, &IntakeRefusal::row);
        return m_report;
    }

private:
    [[nodiscard]] Result<UsageEvent> checked(const IntakeEvent& row) const
    {
        if (!(*m_mayWrite)(row.event.account))
            return absentAccount();
        QUITTANCE_CHECK(checkWindow(row.event, m_now));
        UsageEvent event = row.event;
        QUITTANCE_TRY(event.quantity, quantityOf(row, m_meters));
        return event;
    }

    void refuse(const IntakeEvent& row, const Error& error)
    {
        m_report.refused.push_back({ row.row, row.event.id, error.detail });
    }

    Instant m_now;
    std::vector<Meter> m_meters;
    const std::function<bool(AccountId)>* m_mayWrite;
    std::vector<const IntakeEvent*> m_rows;
    std::vector<UsageEvent> m_events;
    IntakeReport m_report;
};

Result<> writeJournal(
    Transaction& tx, const Context& context, const Actor& actor, const IntakeReport& report
)
{
    JournalDraft entry;
    entry.kind = "usage.received";
    entry.subjectType = "usage";
    entry.after = boost::json::serialize(boost::json::object {
        { "accepted", report.accepted },
        { "repeated", report.repeated },
        { "refused", static_cast<std::int64_t>(report.refused.size()) } });
    return appendJournal(tx, context, actor, entry);
}

} // namespace

Result<IntakeReport> receiveUsage(
    const Context& context, const Actor& actor, std::span<const IntakeEvent> events,
    const std::function<bool(AccountId)>& mayWrite, SumCheck check
)
{
    if (events.size() > intakeEventsMax)
        return failure(
            ErrorCode::TooLarge,
            fmt::format("{} events in a batch; at most {}", events.size(), intakeEventsMax)
        );
    return context.database.write([&](Transaction& tx) -> Result<IntakeReport> {
        QUITTANCE_TRY(std::vector<Meter> meters, listMeters(tx));
        Intake intake(context.clock.now(), std::move(meters), mayWrite);
        for (const IntakeEvent& row : events)
            intake.take(row);
        QUITTANCE_TRY(IntakeReport report, intake.store(tx, context, check));
        if (report.accepted > 0)
            QUITTANCE_CHECK(writeJournal(tx, context, actor, report));
        return report;
    });
}

} // namespace quittance::backend
