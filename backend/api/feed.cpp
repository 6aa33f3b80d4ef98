#include "backend/api/feed.h"

#include "backend/api/call.h"
#include "backend/api/views.h"
#include "backend/billing/billing.h"
#include "backend/journal/journal.h"
#include "core/contract/codec.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

namespace quittance::backend {

using contract::Item;
using contract::Scope;
using database::Transaction;

namespace {

constexpr int billsPerPage = 20;
constexpr int eventsPerPage = 500;

std::string subjectOf(Scope::Kind kind)
{
    switch (kind) {
    case Scope::Kind::Accounts:
    case Scope::Kind::History:
        return "account";
    case Scope::Kind::LegalEntities:
        return "legal-entity";
    case Scope::Kind::People:
        return "person";
    case Scope::Kind::Bills:
    case Scope::Kind::LineEvents:
        return "bill";
    }
    return {};
}

/// What an item of the scope is called. A history is about an account, but not its state.
std::string itemType(Scope::Kind kind)
{
    return kind == Scope::Kind::History ? "account-history" : subjectOf(kind);
}

bool maySee(const Principal& principal, AccountId account)
{
    return allows(principal.grants, Permission::ProfileRead, account);
}

Item itemOf(std::int64_t seq, std::string type, std::int64_t id, boost::json::value data)
{
    return { seq, std::move(type), std::to_string(id), std::move(data) };
}

template <class T> Result<boost::json::value> encoded(const Result<T>& found)
{
    if (!found)
        return failure(found.error());
    return contract::toJson(*found);
}

template <class Record> auto viewOf(const Result<Record>& found) -> Result<decltype(view(*found))>
{
    if (!found)
        return failure(found.error());
    return view(*found);
}

/// The present state of one thing; NotFound where it is gone.
Result<boost::json::value>
presentData(const Context& context, Transaction& tx, Scope::Kind kind, std::int64_t id)
{
    switch (kind) {
    case Scope::Kind::Bills:
    case Scope::Kind::LineEvents:
        return encoded(billItem(tx, id));
    case Scope::Kind::People:
        return encoded(viewOf(findPerson(tx, id)));
    case Scope::Kind::History:
        return encoded(accountHistory(tx, id));
    case Scope::Kind::LegalEntities:
        return encoded(viewOf(findLegalEntity(tx, id)));
    case Scope::Kind::Accounts:
        break;
    }
    QUITTANCE_TRY(const AccountRecord account, findAccount(tx, id));
    return encoded(accountView(tx, account, context.clock.now()));
}

/// The present state of one thing, or a removal where it is gone.
Result<Item> presentItem(
    const Context& context, Transaction& tx, Scope::Kind kind, std::int64_t id, std::int64_t seq
)
{
    Result<boost::json::value> data = presentData(context, tx, kind, id);
    if (!data && data.error().code != ErrorCode::NotFound)
        return failure(data.error());
    return itemOf(seq, itemType(kind), id, data ? std::move(*data) : boost::json::value());
}

struct Touched {
    std::map<std::int64_t, std::int64_t> lastSeq; ///< subject id -> its last number
    std::int64_t cursor = 0;
    bool more = false;
};

Result<Touched> touchedAfter(Transaction& tx, const Scope& scope, std::int64_t cursor, int limit)
{
    Touched touched;
    QUITTANCE_TRY(touched.cursor, lastJournalNumber(tx));
    if (cursor > touched.cursor)
        return failure(
            ErrorCode::Conflict, "the cursor is ahead of this installation: take a snapshot again"
        );
    JournalFilter filter;
    filter.after = cursor;
    filter.account = scope.account;
    filter.subjectType = subjectOf(scope.kind);
    filter.limit = limit;
    QUITTANCE_TRY(const std::vector<JournalEntry> entries, readJournal(tx, filter));
    for (const JournalEntry& entry : entries)
        touched.lastSeq[entry.draft.subjectId] = entry.seq;
    touched.more = entries.size() == static_cast<std::size_t>(limit);
    if (touched.more)
        touched.cursor = entries.back().seq;
    return touched;
}

Result<contract::ChangePage>
eventChanges(Transaction& tx, const Scope& scope, std::int64_t cursor, int limit)
{
    QUITTANCE_TRY(const Touched touched, touchedAfter(tx, scope, cursor, limit));
    if (touched.lastSeq.contains(scope.bill))
        return failure(ErrorCode::Conflict, "the bill changed: take a snapshot again");
    return contract::ChangePage { {}, touched.cursor, touched.more };
}

/// Pulls the items of a snapshot page by page.
class SnapshotSource {
public:
    SnapshotSource(Context context, Principal principal, Scope scope)
        : m_context(context)
        , m_principal(std::move(principal))
        , m_scope(scope)
    {
    }

    Result<std::optional<std::string>> next()
    {
        if (m_ended)
            return std::optional<std::string>();
        // Before the items, so that the feed goes on from no later than they were read.
        std::int64_t cursor = 0;
        if (!m_started) {
            QUITTANCE_TRY(cursor, m_context.database.read(lastJournalNumber));
        }
        QUITTANCE_TRY(const std::vector<Item> items, page());
        std::string text;
        if (!std::exchange(m_started, true)) {
            QUITTANCE_TRY(const std::int64_t total, countAll(items.size()));
            const contract::SnapshotHeader header { contract::toText(m_scope), cursor, total };
            text = contract::toText(header) + '\n';
        }
        for (const Item& item : items)
            text += contract::toText(item) + '\n';
        m_sent += static_cast<std::int64_t>(items.size());
        if (m_lastPage) {
            text += contract::toText(contract::SnapshotEnd { m_sent }) + '\n';
            m_ended = true;
        }
        return std::optional(std::move(text));
    }

private:
    /// How many items there are, of which the first page held `first`.
    Result<std::int64_t> countAll(std::size_t first) const
    {
        if (m_lastPage)
            return static_cast<std::int64_t>(first);
        return m_context.database.read([&](Transaction& tx) {
            return m_scope.kind == Scope::Kind::Bills
                ? countBills(tx, m_scope.account.value_or(0))
                : countLineEvents(tx, m_scope.bill, m_scope.line);
        });
    }

    Result<std::vector<Item>> page()
    {
        return m_context.database.read([&](Transaction& tx) -> Result<std::vector<Item>> {
            switch (m_scope.kind) {
            case Scope::Kind::Accounts:
                return accounts(tx);
            case Scope::Kind::People:
                return people(tx);
            case Scope::Kind::Bills:
                return bills(tx);
            case Scope::Kind::LineEvents:
                return events(tx);
            case Scope::Kind::History:
                return history(tx);
            case Scope::Kind::LegalEntities:
                return legalEntities(tx);
            }
            return std::vector<Item>();
        });
    }

    Result<std::vector<Item>> accounts(Transaction& tx)
    {
        m_lastPage = true;
        std::vector<Item> items;
        QUITTANCE_TRY(const std::vector<AccountRecord> all, listAccounts(tx));
        for (const AccountRecord& account : all) {
            if (!maySee(m_principal, account.id))
                continue;
            QUITTANCE_TRY(const auto shown, accountView(tx, account, m_context.clock.now()));
            items.push_back(itemOf(0, "account", account.id, contract::toJson(shown)));
        }
        return items;
    }

    Result<std::vector<Item>> people(Transaction& tx)
    {
        m_lastPage = true;
        std::vector<Item> items;
        QUITTANCE_TRY(const std::vector<Person> all, listPeople(tx));
        items.reserve(all.size());
        for (const Person& person : all)
            items.push_back(itemOf(0, "person", person.id, contract::toJson(view(person))));
        return items;
    }

    Result<std::vector<Item>> history(Transaction& tx)
    {
        m_lastPage = true;
        QUITTANCE_TRY(
            Item item, presentItem(m_context, tx, m_scope.kind, m_scope.account.value_or(0), 0)
        );
        std::vector<Item> items;
        if (!item.data.is_null())
            items.push_back(std::move(item));
        return items;
    }

    Result<std::vector<Item>> legalEntities(Transaction& tx)
    {
        m_lastPage = true;
        std::vector<Item> items;
        QUITTANCE_TRY(const std::vector<LegalEntity> all, listLegalEntities(tx));
        items.reserve(all.size());
        for (const LegalEntity& entity : all)
            items.push_back(
                itemOf(0, itemType(m_scope.kind), entity.id, contract::toJson(view(entity)))
            );
        return items;
    }

    Result<std::vector<Item>> bills(Transaction& tx)
    {
        BillFilter filter;
        filter.account = m_scope.account;
        filter.afterId = m_lastId;
        filter.limit = billsPerPage;
        QUITTANCE_TRY(const std::vector<BillSummary> summaries, listBills(tx, filter));
        m_lastPage = summaries.size() < static_cast<std::size_t>(billsPerPage);
        std::vector<Item> items;
        for (const BillSummary& summary : summaries) {
            QUITTANCE_TRY(const contract::BillItem item, billItem(tx, summary.id));
            items.push_back(itemOf(0, "bill", summary.id, contract::toJson(item)));
            m_lastId = summary.id;
        }
        return items;
    }

    Result<std::vector<Item>> events(Transaction& tx)
    {
        QUITTANCE_TRY(const int digits, lineDigits(tx));
        QUITTANCE_TRY(
            const EventPage page,
            lineEvents(tx, m_scope.bill, m_scope.line, m_eventCursor, eventsPerPage)
        );
        std::vector<Item> items;
        for (const contract::EventView& event : eventViews(page, digits))
            items.push_back({ 0, "event", fmt::format("{}/{}", event.source, event.id),
                              contract::toJson(event) });
        m_eventCursor = page.nextCursor;
        m_lastPage = m_eventCursor.empty();
        return items;
    }

    Result<int> lineDigits(Transaction& tx) const
    {
        QUITTANCE_TRY(const Bill bill, findBill(tx, m_scope.bill));
        for (const BillLine& line : bill.lines) {
            if (line.number == m_scope.line)
                return line.quantityDigits;
        }
        return failure(ErrorCode::NotFound, "the bill has no such line");
    }

    Context m_context;
    Principal m_principal;
    Scope m_scope;
    BillId m_lastId = 0;
    std::string m_eventCursor;
    std::int64_t m_sent = 0;
    bool m_started = false;
    bool m_lastPage = false;
    bool m_ended = false;
};

/// The same words for a line that the bill lacks, a bill of another account and an absent one.
Result<> requireBillOfAccount(Transaction& tx, const Scope& scope)
{
    const Result<Bill> bill = findBill(tx, scope.bill);
    if (!bill && bill.error().code != ErrorCode::NotFound)
        return failure(bill.error());
    const auto isMeant = [&](const BillLine& line) { return line.number == scope.line; };
    if (!bill || bill->summary.account != scope.account
        || std::none_of(bill->lines.begin(), bill->lines.end(), isMeant))
        return failure(ErrorCode::NotFound, "there is no such line");
    return {};
}

} // namespace

Result<> requireScope(const Principal& principal, const Scope& scope)
{
    if (scope.kind == Scope::Kind::Accounts)
        return {}; // everyone may ask which accounts are theirs
    std::optional<AccountId> account = scope.account;
    // Who sets the terms of one account chooses among all that bill.
    if (scope.kind == Scope::Kind::LegalEntities)
        for (const Grant& grant : principal.grants)
            account = grants(grant.role, Permission::TermsEdit) ? grant.account : account;
    return require(principal, contract::neededPermission(scope), account);
}

Result<contract::ChangePage> scopeChanges(
    const Context& context, const Principal& principal, const Scope& scope, std::int64_t cursor,
    int limit
)
{
    return context.database.read([&](Transaction& tx) -> Result<contract::ChangePage> {
        if (scope.kind == Scope::Kind::LineEvents)
            return eventChanges(tx, scope, cursor, limit);
        QUITTANCE_TRY(const Touched touched, touchedAfter(tx, scope, cursor, limit));
        contract::ChangePage page;
        page.cursor = touched.cursor;
        page.more = touched.more;
        for (const auto& [id, seq] : touched.lastSeq) {
            if (scope.kind == Scope::Kind::Accounts && !maySee(principal, id))
                continue;
            QUITTANCE_TRY(Item item, presentItem(context, tx, scope.kind, id, seq));
            page.changes.push_back(std::move(item));
        }
        std::sort(page.changes.begin(), page.changes.end(), [](const Item& a, const Item& b) {
            return a.seq < b.seq;
        });
        return page;
    });
}

Result<http::Producer>
scopeSnapshot(const Context& context, const Principal& principal, const Scope& scope)
{
    if (scope.kind == Scope::Kind::LineEvents)
        QUITTANCE_CHECK(context.database.read([&](Transaction& tx) {
            return requireBillOfAccount(tx, scope);
        }));
    auto source = std::make_shared<SnapshotSource>(context, principal, scope);
    return http::Producer([source] { return source->next(); });
}

} // namespace quittance::backend
