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
        return "account";
    case Scope::Kind::People:
        return "person";
    case Scope::Kind::Bills:
    case Scope::Kind::LineEvents:
        return "bill";
    }
    return {};
}

bool maySee(const Principal& principal, AccountId account)
{
    return allows(principal.grants, Permission::ProfileRead, account);
}

Item itemOf(std::int64_t seq, std::string type, std::int64_t id, boost::json::value data)
{
    return { seq, std::move(type), std::to_string(id), std::move(data) };
}

/// The present state of one thing, or a removal where it is gone.
Result<Item> presentItem(
    const Context& context, Transaction& tx, Scope::Kind kind, std::int64_t id, std::int64_t seq
)
{
    boost::json::value data;
    Error error;
    const auto take = [&](const auto& found) {
        if (found)
            data = contract::toJson(*found);
        else
            error = found.error();
        return found.has_value() || found.error().code == ErrorCode::NotFound;
    };
    bool ok = true;
    if (kind == Scope::Kind::Bills) {
        ok = take(billItem(tx, id));
    } else if (kind == Scope::Kind::People) {
        const Result<Person> person = findPerson(tx, id);
        ok = take(
            person ? Result<contract::PersonView>(view(*person))
                   : Result<contract::PersonView>(failure(person.error()))
        );
    } else {
        const Result<AccountRecord> account = findAccount(tx, id);
        ok = take(
            account ? accountView(tx, *account, context.clock.now())
                    : Result<contract::AccountView>(failure(account.error()))
        );
    }
    if (!ok)
        return failure(error);
    return itemOf(seq, subjectOf(kind), id, std::move(data));
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
        std::string text;
        if (!m_started) {
            QUITTANCE_TRY(text, header());
            m_started = true;
        }
        QUITTANCE_TRY(const std::vector<Item> items, page());
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
    Result<std::string> header()
    {
        return m_context.database.read([&](Transaction& tx) -> Result<std::string> {
            contract::SnapshotHeader header;
            header.scope = contract::toText(m_scope);
            QUITTANCE_TRY(header.cursor, lastJournalNumber(tx));
            QUITTANCE_TRY(header.items, count(tx));
            return contract::toText(header) + '\n';
        });
    }

    Result<std::int64_t> count(Transaction& tx) const
    {
        if (m_scope.kind == Scope::Kind::Bills)
            return countBills(tx, m_scope.account.value_or(0));
        return std::int64_t { -1 };
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
    if (scope.kind != Scope::Kind::Accounts)
        return require(principal, contract::neededPermission(scope), scope.account);
    return {}; // everyone may ask which accounts are theirs
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
