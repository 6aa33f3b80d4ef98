#include "backend/accounts/accounts.h"
#include "backend/pricing/pricing.h"
#include "backend/usage/account_days.h"
#include "backend/usage/partitions.h"
#include "backend/usage/rollup_sums.h"
#include "backend/usage/terms.h"
#include "backend/usage/usage.h"
#include "core/formats/usage_mapper.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <future>
#include <map>
#include <memory>
#include <numeric>
#include <set>
#include <unordered_set>

namespace quittance::backend {

namespace {

using database::Columns;
using database::Value;
using formats::quantityMax;

constexpr std::size_t batchEventsMax = 100'000;
constexpr std::size_t idBytesMax = 200;
constexpr std::size_t wordBytesMax = 500;
constexpr std::int64_t durationMaxMicros = 3'653 * microsPerDay; // ten years
constexpr std::int64_t endOfTimeMicros = 84'006 * microsPerDay; // 2200-01-01
/// Keys in one look-up statement.
constexpr std::size_t keysPerQuery = 50;
/// From so many items on, sums are made by a thread of their own.
constexpr std::size_t itemsBeside = 1'000;

enum class Fate : std::uint8_t {
    Fresh, ///< to be stored, unless its identity turns out to be known
    Twin, ///< comes again later in the batch; judged with the first
    Repeated,
    Refused,
};

struct AccountState {
    AccountId id = 0;
    AccountDays* days = nullptr; ///< nullptr for an account that does not exist
    std::int64_t batch = 0;
};

struct Item {
    const UsageEvent* event = nullptr;
    std::uint64_t idPrefix = 0; ///< the first 8 bytes of the id, ordered as they are
    std::int64_t source = 0;
    std::int64_t meter = 0;
    std::int64_t sku = 0;
    std::int64_t project = 0;
    std::uint32_t account = 0; ///< place in the accounts of the batch
    Month first;
    Month last;
    Fate fate = Fate::Fresh;
};

std::uint64_t prefixOf(std::string_view id)
{
    std::array<unsigned char, sizeof(std::uint64_t)> bytes {};
    std::memcpy(bytes.data(), id.data(), std::min(id.size(), bytes.size()));
    constexpr unsigned byteBits = 8;
    return std::accumulate(
        bytes.begin(), bytes.end(), std::uint64_t { 0 },
        [](std::uint64_t sum, unsigned char byte) { return (sum << byteBits) | byte; }
    );
}

bool sameKey(const Item& a, const Item& b)
{
    return a.account == b.account && a.source == b.source && a.idPrefix == b.idPrefix
        && a.event->id == b.event->id;
}

bool keyBefore(const Item& a, const Item& b)
{
    if (a.account != b.account)
        return a.account < b.account;
    if (a.source != b.source)
        return a.source < b.source;
    if (a.idPrefix != b.idPrefix)
        return a.idPrefix < b.idPrefix;
    if (const int order = a.event->id.compare(b.event->id); order != 0)
        return order < 0;
    return a.event < b.event; // the order of the batch
}

bool sameContent(const Item& a, const Item& b)
{
    return a.meter == b.meter && a.sku == b.sku && a.project == b.project
        && a.event->resource == b.event->resource && a.event->start == b.event->start
        && a.event->end == b.event->end && a.event->quantity == b.event->quantity;
}

Result<> checkTimes(const UsageEvent& event)
{
    if (event.end < event.start)
        return failure(
            ErrorCode::InvalidArgument,
            fmt::format(
                "the event ends at {}, before its start at {}", toText(event.end),
                toText(event.start)
            )
        );
    if (event.start.micros < 0 || event.end.micros >= endOfTimeMicros)
        return failure(
            ErrorCode::InvalidArgument,
            fmt::format(
                "the event from {} to {} lies outside 1970 to 2199", toText(event.start),
                toText(event.end)
            )
        );
    if (event.end.micros - event.start.micros > durationMaxMicros)
        return failure(
            ErrorCode::InvalidArgument,
            fmt::format(
                "the event from {} to {} lasts longer than 10 years", toText(event.start),
                toText(event.end)
            )
        );
    return {};
}

Result<> checkWords(const UsageEvent& event)
{
    if (event.id.empty() || event.id.size() > idBytesMax)
        return failure(
            ErrorCode::InvalidArgument,
            fmt::format("the event's id has {} bytes; 1 to 200 are allowed", event.id.size())
        );
    if (event.source.empty() || event.source.size() > idBytesMax)
        return failure(
            ErrorCode::InvalidArgument,
            fmt::format(
                "the event's source has {} bytes; 1 to 200 are allowed", event.source.size()
            )
        );
    if (std::max({ event.sku.size(), event.project.size(), event.resource.size() }) > wordBytesMax)
        return failure(
            ErrorCode::InvalidArgument, "sku, project and resource take at most 500 bytes"
        );
    return {};
}

Result<> checkEvent(const UsageEvent& event)
{
    QUITTANCE_CHECK(checkWords(event));
    QUITTANCE_CHECK(checkTimes(event));
    if (event.quantity > quantityMax || event.quantity < -quantityMax)
        return failure(
            ErrorCode::Overflow,
            fmt::format("the quantity {} is larger than {}", event.quantity, quantityMax)
        );
    return {};
}

/// The number of a word, asked for event by event: events that follow each other mostly share it.
class TermOfEvents {
public:
    explicit TermOfEvents(const Terms& terms)
        : m_terms(&terms)
    {
    }
    [[nodiscard]] std::int64_t number(std::string_view text)
    {
        if (text != m_text) {
            m_number = m_terms->number(text);
            m_text = text;
        }
        return m_number;
    }

private:
    const Terms* m_terms;
    std::string_view m_text;
    std::int64_t m_number = noTerm;
};

/// The same for months.
class MonthOfEvents {
public:
    [[nodiscard]] Month at(Instant instant)
    {
        if (instant < m_interval.begin || m_interval.end <= instant) {
            m_month = utcMonthOf(instant);
            m_interval = utcInterval(m_month);
        }
        return m_month;
    }

private:
    Month m_month;
    Interval m_interval;
};

Columns eventColumns()
{
    using Type = Columns::Type;
    return Columns({ { "account_id", Type::Integer, {}, {}, {} },
                     { "source_id", Type::Integer, {}, {}, {} },
                     { "event_id", Type::Text, {}, {}, {} },
                     { "meter_id", Type::Integer, {}, {}, {} },
                     { "sku_id", Type::Integer, {}, {}, {} },
                     { "project_id", Type::Integer, {}, {}, {} },
                     { "resource", Type::Text, {}, {}, {} },
                     { "started_at", Type::Integer, {}, {}, {} },
                     { "ended_at", Type::Integer, {}, {}, {} },
                     { "quantity", Type::Integer, {}, {}, {} },
                     { "batch", Type::Integer, {}, {}, {} } });
}

/// What a partition has under some keys of one account and source, that batches before this one
/// brought. One branch a key: a list of keys would let PostgreSQL, which knows nothing yet about a
/// new table, read all of the account and compare each row with each key.
std::string knownKeysSql(Month month)
{
    std::string sql;
    constexpr std::size_t firstKey = 4;
    for (std::size_t i = 0; i < keysPerQuery; ++i)
        sql += fmt::format(
            "{}SELECT event_id, meter_id, sku_id, project_id, resource, started_at, ended_at, "
            "quantity FROM {} WHERE account_id = $1 AND source_id = $2 AND batch <> $3 "
            "AND event_id = ${}",
            i == 0 ? "" : " UNION ALL ", eventTable(month), firstKey + i
        );
    return sql;
}

/// One call of addUsage.
class Batch {
public:
    Batch(database::Transaction& tx, std::span<const UsageEvent> events, SumCheck check)
        : m_tx(&tx)
        , m_events(events)
        , m_check(check)
        , m_terms(tx)
    {
    }

    Result<BatchReport> add();

private:
    using Group = std::span<const std::uint32_t>; ///< places of items with one identity, or one
                                                  ///< account and source

    Result<> resolve();
    Result<> checkAll();
    Result<> findAccounts();
    Result<AccountState> findAccountState(AccountId id);
    void makeItems();
    void sortItems();
    void markTwins();
    Result<> takeBatchNumbers();
    Result<> findElsewhere();
    Result<> findElsewhere(Month partition, Group group);
    Result<bool> mayHoldAny(Month partition, const std::vector<std::uint32_t>& places);
    Result<> insertEvents();
    Result<> insertInto(Month month);
    Result<> judgeKnown(Month partition, std::span<const std::uint32_t> places);
    Result<> judgeChunk(Month partition, std::span<const std::uint32_t> places);
    void
    judge(std::span<const std::uint32_t> places, std::string_view id, const database::Row& row);
    Result<> removeHalfStored();
    Result<> remove(const Item& item);
    Result<> storeFresh();
    [[nodiscard]] std::vector<std::uint32_t> freshPlaces() const;
    [[nodiscard]] Result<RollupBatch> sumUp(const std::vector<std::uint32_t>& places) const;
    const std::vector<RollupSum>& partsOf(const Item& item, std::vector<RollupSum>& parts) const;
    Result<> refuseOverflows();
    Result<> refuseAsOverflow(Item& item);
    Result<> addProjects();
    BatchReport report();

    void refuse(const UsageEvent& event, Error error);
    void refuseAsOther(Item& item);
    [[nodiscard]] Error refusalOf(const Item& item) const;
    [[nodiscard]] Item& at(std::uint32_t place) { return m_items[place]; }
    [[nodiscard]] std::vector<Month> monthsTouched() const;
    template <class Visit> Result<> forEachAccountAndSource(Visit visit);

    database::Transaction* m_tx;
    std::span<const UsageEvent> m_events;
    SumCheck m_check;
    Terms m_terms;
    std::vector<char> m_isRefused; ///< by place in m_events
    std::map<std::string, std::unique_ptr<AccountDays>> m_days; ///< by zone
    std::vector<AccountState> m_accounts; ///< by id
    std::vector<Item> m_items;
    std::vector<std::uint32_t> m_order; ///< places in m_items by key
    std::map<Month, std::string> m_knownKeysSql;
    BatchReport m_report;
};

Result<BatchReport> Batch::add()
{
    QUITTANCE_CHECK(resolve());
    sortItems();
    markTwins();
    QUITTANCE_CHECK(takeBatchNumbers());
    QUITTANCE_CHECK(findElsewhere());
    QUITTANCE_CHECK(storeFresh());
    QUITTANCE_CHECK(addProjects());
    return report();
}

void Batch::refuse(const UsageEvent& event, Error error)
{
    const auto index = static_cast<std::size_t>(&event - m_events.data());
    m_isRefused[index] = 1;
    m_report.refused.push_back({ index, std::move(error) });
}

void Batch::refuseAsOther(Item& item)
{
    item.fate = Fate::Refused;
    refuse(
        *item.event,
        { ErrorCode::Conflict,
          fmt::format(
              "event '{}' of source '{}' is already there with other content", item.event->id,
              item.event->source
          ) }
    );
}

Error Batch::refusalOf(const Item& item) const
{
    const auto index = static_cast<std::size_t>(item.event - m_events.data());
    return std::ranges::find(m_report.refused, index, &RefusedEvent::index)->error;
}

Result<> Batch::resolve()
{
    m_isRefused.assign(m_events.size(), 0);
    QUITTANCE_CHECK(checkAll());
    QUITTANCE_CHECK(m_terms.resolve());
    QUITTANCE_CHECK(findAccounts());
    makeItems();
    return {};
}

Result<> Batch::checkAll()
{
    QUITTANCE_TRY(const auto meters, listMeters(*m_tx));
    std::unordered_set<std::string_view> known;
    for (const Meter& meter : meters)
        known.insert(meter.name);
    const UsageEvent* before = nullptr;
    for (const UsageEvent& event : m_events) {
        if (const auto checked = checkEvent(event); !checked) {
            refuse(event, checked.error());
            continue;
        }
        if (before == nullptr || before->meter != event.meter) {
            if (!known.contains(event.meter)) {
                refuse(
                    event,
                    { ErrorCode::InvalidArgument,
                      fmt::format("meter '{}' does not exist", event.meter) }
                );
                continue;
            }
            m_terms.want(event.meter);
        }
        if (before == nullptr || before->source != event.source)
            m_terms.want(event.source);
        if (before == nullptr || before->sku != event.sku)
            m_terms.want(event.sku);
        if (before == nullptr || before->project != event.project)
            m_terms.want(event.project);
        before = &event;
    }
    return {};
}

Result<AccountState> Batch::findAccountState(AccountId id)
{
    const auto account = findAccount(*m_tx, id);
    if (!account) {
        if (account.error().code == ErrorCode::NotFound)
            return AccountState { id, nullptr, 0 };
        return failure(account.error());
    }
    auto& days = m_days[account->timeZone];
    if (!days) {
        QUITTANCE_TRY(auto zone, TimeZone::find(account->timeZone));
        days = std::make_unique<AccountDays>(std::move(zone));
    }
    return AccountState { id, days.get(), 0 };
}

Result<> Batch::findAccounts()
{
    std::set<AccountId> ids;
    AccountId before = 0;
    for (const UsageEvent& event : m_events) {
        if (event.account != before || ids.empty())
            ids.insert(event.account);
        before = event.account;
    }
    m_accounts.reserve(ids.size());
    for (const AccountId id : ids) {
        QUITTANCE_TRY(const auto state, findAccountState(id));
        m_accounts.push_back(state);
    }
    return {};
}

void Batch::makeItems()
{
    TermOfEvents sources(m_terms);
    TermOfEvents meters(m_terms);
    TermOfEvents skus(m_terms);
    TermOfEvents projects(m_terms);
    MonthOfEvents months;
    std::uint32_t account = 0;
    m_items.reserve(m_events.size());
    for (std::size_t i = 0; i < m_events.size(); ++i) {
        const UsageEvent& event = m_events[i];
        if (m_isRefused[i] != 0)
            continue;
        if (m_accounts[account].id != event.account)
            account = static_cast<std::uint32_t>(
                std::ranges::lower_bound(m_accounts, event.account, {}, &AccountState::id)
                - m_accounts.begin()
            );
        if (m_accounts[account].days == nullptr) {
            refuse(
                event,
                { ErrorCode::NotFound, fmt::format("account {} does not exist", event.account) }
            );
            continue;
        }
        Item item;
        item.event = &event;
        item.idPrefix = prefixOf(event.id);
        item.source = sources.number(event.source);
        item.meter = meters.number(event.meter);
        item.sku = skus.number(event.sku);
        item.project = projects.number(event.project);
        item.account = account;
        item.first = months.at(event.start);
        item.last
            = event.end > event.start ? months.at(Instant { event.end.micros - 1 }) : item.first;
        m_items.push_back(item);
    }
}

void Batch::sortItems()
{
    m_order.resize(m_items.size());
    std::iota(m_order.begin(), m_order.end(), 0U);
    const auto before
        = [this](std::uint32_t a, std::uint32_t b) { return keyBefore(at(a), at(b)); };
    if (!std::ranges::is_sorted(m_order, before))
        std::ranges::sort(m_order, before);
}

void Batch::markTwins()
{
    for (std::size_t i = 1; i < m_order.size(); ++i) {
        if (sameKey(at(m_order[i - 1]), at(m_order[i])))
            at(m_order[i]).fate = Fate::Twin;
    }
}

Result<> Batch::takeBatchNumbers()
{
    for (AccountState& account : m_accounts) {
        if (account.days == nullptr)
            continue;
        QUITTANCE_TRY(
            account.batch,
            m_tx->queryInteger(
                "INSERT INTO usage_batch_counter (account_id, last) VALUES ($1, 1) "
                "ON CONFLICT (account_id) DO UPDATE SET last = usage_batch_counter.last + 1 "
                "RETURNING last",
                { account.id }
            )
        );
    }
    return {};
}

template <class Visit> Result<> Batch::forEachAccountAndSource(Visit visit)
{
    for (std::size_t begin = 0; begin < m_order.size();) {
        std::size_t end = begin + 1;
        const Item& first = at(m_order[begin]);
        while (end < m_order.size() && at(m_order[end]).account == first.account
               && at(m_order[end]).source == first.source)
            ++end;
        QUITTANCE_CHECK(visit(Group(m_order).subspan(begin, end - begin)));
        begin = end;
    }
    return {};
}

/// An identity may stand in a month that the event itself does not touch: then it is the same id
/// with other times.
Result<> Batch::findElsewhere()
{
    if (m_items.empty())
        return {};
    const Month first = std::ranges::min_element(m_items, {}, &Item::first)->first;
    const Month last = std::ranges::max_element(m_items, {}, &Item::last)->last;
    QUITTANCE_TRY(
        const auto partitions,
        usagePartitions(*m_tx, next(first, -identityWindowMonths), next(last, identityWindowMonths))
    );
    for (const Month partition : partitions)
        QUITTANCE_CHECK(forEachAccountAndSource([&](Group group) {
            return findElsewhere(partition, group);
        }));
    return {};
}

Result<> Batch::findElsewhere(Month partition, Group group)
{
    std::vector<std::uint32_t> places;
    for (const std::uint32_t place : group) {
        const Item& item = at(place);
        const bool isTouched = item.first <= partition && partition <= item.last;
        const bool isNear = next(item.first, -identityWindowMonths) <= partition
            && partition <= next(item.last, identityWindowMonths);
        if (item.fate == Fate::Fresh && isNear && !isTouched)
            places.push_back(place);
    }
    if (places.empty())
        return {};
    QUITTANCE_TRY(const bool mayHold, mayHoldAny(partition, places));
    return mayHold ? judgeKnown(partition, places) : Result<>();
}

/// Ids that rise with time share no range with those of other months: one question answers for the
/// whole batch.
Result<bool> Batch::mayHoldAny(Month partition, const std::vector<std::uint32_t>& places)
{
    const Item& first = at(places.front());
    const Item& last = at(places.back());
    QUITTANCE_TRY(
        const auto found,
        m_tx->queryFirst<bool>(
            fmt::format(
                "SELECT 1 FROM {} WHERE account_id = $1 AND source_id = $2 "
                "AND event_id >= $3 AND event_id <= $4 LIMIT 1",
                eventTable(partition)
            ),
            { m_accounts[first.account].id, first.source, first.event->id, last.event->id },
            [](const database::Row&) { return true; }
        )
    );
    return found.has_value();
}

std::vector<Month> Batch::monthsTouched() const
{
    std::set<Month> months;
    const Item* before = nullptr;
    for (const Item& item : m_items) {
        if (before != nullptr && before->first == item.first && before->last == item.last)
            continue;
        for (Month month = item.first; month <= item.last; month = next(month))
            months.insert(month);
        before = &item;
    }
    return { months.begin(), months.end() };
}

Result<> Batch::insertEvents()
{
    for (const Month month : monthsTouched()) {
        QUITTANCE_CHECK(ensureUsagePartition(*m_tx, month));
        QUITTANCE_CHECK(insertInto(month));
    }
    return {};
}

Result<> Batch::insertInto(Month month)
{
    Columns rows = eventColumns();
    std::vector<std::uint32_t> places;
    places.reserve(m_order.size());
    for (const std::uint32_t place : m_order) {
        const Item& item = at(place);
        if (item.fate != Fate::Fresh || month < item.first || item.last < month)
            continue;
        std::size_t column = 0;
        rows[column++].add(m_accounts[item.account].id);
        rows[column++].add(item.source);
        rows[column++].add(item.event->id);
        rows[column++].add(item.meter);
        rows[column++].add(item.sku);
        rows[column++].add(item.project);
        rows[column++].add(item.event->resource);
        rows[column++].add(item.event->start.micros);
        rows[column++].add(item.event->end.micros);
        rows[column++].add(item.event->quantity);
        rows[column++].add(m_accounts[item.account].batch);
        places.push_back(place);
    }
    if (places.empty())
        return {};
    QUITTANCE_TRY(
        const auto inserted,
        m_tx->bulkInsert(
            eventTable(month), rows,
            { database::OnConflict::Action::Ignore, { "account_id", "source_id", "event_id" }, {} }
        )
    );
    if (inserted == static_cast<std::int64_t>(places.size()))
        return {};
    return judgeKnown(month, places);
}

/// `places` are in the order of keys.
Result<> Batch::judgeKnown(Month partition, std::span<const std::uint32_t> places)
{
    while (!places.empty()) {
        const Item& first = at(places.front());
        std::size_t count = 1;
        while (count < std::min(places.size(), keysPerQuery)
               && at(places[count]).account == first.account
               && at(places[count]).source == first.source)
            ++count;
        QUITTANCE_CHECK(judgeChunk(partition, places.first(count)));
        places = places.subspan(count);
    }
    return {};
}

Result<> Batch::judgeChunk(Month partition, std::span<const std::uint32_t> places)
{
    const Item& first = at(places.front());
    const AccountState& account = m_accounts[first.account];
    std::vector<Value> args { account.id, first.source, account.batch };
    args.reserve(args.size() + keysPerQuery);
    for (std::size_t i = 0; i < keysPerQuery;
         ++i) // one statement for all chunks: the last key fills up
        args.emplace_back(at(places[std::min(i, places.size() - 1)]).event->id);
    std::string& sql = m_knownKeysSql[partition];
    if (sql.empty())
        sql = knownKeysSql(partition);
    return m_tx->query(sql, args, [&](const database::Row& row) -> Result<> {
        judge(places, row.text(0), row);
        return {};
    });
}

/// Compares the stored row with every event of the batch that has its identity.
void Batch::judge(
    std::span<const std::uint32_t> places, std::string_view id, const database::Row& row
)
{
    const auto found = std::ranges::lower_bound(places, id, {}, [this](std::uint32_t place) {
        return std::string_view(at(place).event->id);
    });
    if (found == places.end() || at(*found).event->id != id)
        return;
    const auto isStored = [&](const Item& item) {
        int column = 1;
        return row.integer(column++) == item.meter && row.integer(column++) == item.sku
            && row.integer(column++) == item.project && row.text(column++) == item.event->resource
            && row.integer(column++) == item.event->start.micros
            && row.integer(column++) == item.event->end.micros
            && row.integer(column++) == item.event->quantity;
    };
    const Item& keeper = at(*found);
    const auto position = std::ranges::lower_bound(m_order, *found, [this](auto a, auto b) {
        return keyBefore(at(a), at(b));
    });
    for (auto place = position; place != m_order.end() && sameKey(at(*place), keeper); ++place) {
        Item& item = at(*place);
        if (item.fate != Fate::Fresh && item.fate != Fate::Twin)
            continue;
        if (isStored(item))
            item.fate = Fate::Repeated;
        else
            refuseAsOther(item);
    }
}

/// An event over several months may have been stored in one before another showed its identity to
/// be known.
Result<> Batch::removeHalfStored()
{
    for (const Item& item : m_items) {
        if (item.first == item.last || (item.fate != Fate::Repeated && item.fate != Fate::Refused))
            continue;
        QUITTANCE_CHECK(remove(item));
    }
    return {};
}

/// What this batch has stored of an event.
Result<> Batch::remove(const Item& item)
{
    for (Month month = item.first; month <= item.last; month = next(month))
        QUITTANCE_CHECK(m_tx->execute(
            fmt::format(
                "DELETE FROM {} WHERE account_id = $1 AND source_id = $2 AND event_id = $3 "
                "AND batch = $4",
                eventTable(month)
            ),
            { m_accounts[item.account].id, item.source, item.event->id,
              m_accounts[item.account].batch }
        ));
    return {};
}

/// What an event gives to each day of its account, a part a day and month.
const std::vector<RollupSum>& Batch::partsOf(const Item& item, std::vector<RollupSum>& parts) const
{
    const AccountState& account = m_accounts[item.account];
    parts.clear();
    for (Month month = item.first; month <= item.last; month = next(month)) {
        RollupSum part { month,        account.id,           {}, item.meter, item.sku,
                         item.project, item.event->resource, 0,  0 };
        forEachDay(
            { item.event->start, item.event->end, item.event->quantity }, utcInterval(month),
            *account.days,
            [&](Date day, std::int64_t quantity, std::int64_t events) {
                part.day = day;
                part.quantity = quantity;
                part.events = events;
                parts.push_back(part);
            }
        );
    }
    return parts;
}

/// Places of items that are to be stored as things stand.
std::vector<std::uint32_t> Batch::freshPlaces() const
{
    std::vector<std::uint32_t> places;
    places.reserve(m_items.size());
    for (std::size_t i = 0; i < m_items.size(); ++i) {
        if (m_items[i].fate == Fate::Fresh)
            places.push_back(static_cast<std::uint32_t>(i));
    }
    return places;
}

/// Reads nothing of an item that storing changes, so it may run beside it.
Result<RollupBatch> Batch::sumUp(const std::vector<std::uint32_t>& places) const
{
    RollupSums sums;
    std::vector<RollupSum> parts;
    for (const std::uint32_t place : places) {
        for (const RollupSum& part : partsOf(m_items[place], parts))
            QUITTANCE_CHECK(sums.add(part));
    }
    return sums.take();
}

Result<> Batch::refuseAsOverflow(Item& item)
{
    item.fate = Fate::Refused;
    refuse(
        *item.event,
        { ErrorCode::Overflow,
          fmt::format(
              "with the quantity {} the sum of its day is too large", item.event->quantity
          ) }
    );
    return remove(item);
}

/// Refuses what would make the sum of its day too large, event by event.
Result<> Batch::refuseOverflows()
{
    DayRoom room(*m_tx);
    std::vector<RollupSum> parts;
    for (const std::uint32_t place : freshPlaces()) {
        QUITTANCE_TRY(const bool fits, room.take(partsOf(at(place), parts)));
        if (!fits)
            QUITTANCE_CHECK(refuseAsOverflow(at(place)));
    }
    return {};
}

/// Nearly always every event is new. So the sums of all are made while the database stores them,
/// and made again only where it knew some.
Result<> Batch::storeFresh()
{
    const std::vector<std::uint32_t> expected = freshPlaces();
    const auto policy = expected.size() < itemsBeside ? std::launch::deferred : std::launch::async;
    auto sums = std::async(policy, [&] { return sumUp(expected); });
    QUITTANCE_CHECK(insertEvents());
    QUITTANCE_CHECK(removeHalfStored());
    if (m_check == SumCheck::EachEvent)
        QUITTANCE_CHECK(refuseOverflows());
    const std::vector<std::uint32_t> stored = freshPlaces();
    QUITTANCE_TRY(const auto batch, stored == expected ? sums.get() : sumUp(stored));
    return storeRollups(*m_tx, batch);
}

/// The customer's grouping by name, so that a project is there from its first use.
Result<> Batch::addProjects()
{
    std::map<AccountId, std::set<std::string>> named;
    const Item* before = nullptr;
    for (const Item& item : m_items) {
        if (item.fate != Fate::Fresh || item.event->project.empty())
            continue;
        if (before == nullptr || before->account != item.account || before->project != item.project)
            named[m_accounts[item.account].id].insert(item.event->project);
        before = &item;
    }
    for (const auto& [account, names] : named)
        QUITTANCE_CHECK(ensureProjects(*m_tx, account, { names.begin(), names.end() }));
    return {};
}

BatchReport Batch::report()
{
    const Item* keeper = nullptr;
    for (const std::uint32_t place : m_order) {
        Item& item = at(place);
        if (item.fate != Fate::Twin) {
            keeper = &item;
            m_report.accepted += item.fate == Fate::Fresh ? 1 : 0;
        } else if (keeper != nullptr && keeper->fate == Fate::Refused) {
            item.fate = Fate::Refused;
            refuse(*item.event, refusalOf(*keeper));
        } else if (keeper != nullptr && sameContent(*keeper, item)) {
            item.fate = Fate::Repeated;
        } else {
            refuseAsOther(item);
        }
        m_report.repeated += item.fate == Fate::Repeated ? 1 : 0;
    }
    std::ranges::sort(m_report.refused, {}, &RefusedEvent::index);
    return std::move(m_report);
}

} // namespace

Result<BatchReport> addUsage(
    database::Transaction& tx, const Context&, std::span<const UsageEvent> events, SumCheck check
)
{
    if (events.size() > batchEventsMax)
        return failure(
            ErrorCode::TooLarge,
            fmt::format("{} events in a batch; at most {}", events.size(), batchEventsMax)
        );
    if (events.empty())
        return BatchReport {};
    return Batch(tx, events, check).add();
}

} // namespace quittance::backend
