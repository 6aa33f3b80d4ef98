#include "client/sync/sync_machine.h"

#include "core/contract/scopes.h"
#include "core/domain/permissions.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

namespace quittance::client {

namespace {

const std::string accountsScope = "accounts";
const std::string peopleScope = "people";

bool maySeePeople(const contract::Me& me)
{
    return std::any_of(me.grants.begin(), me.grants.end(), [](const contract::GrantView& grant) {
        return !grant.account && grants(grant.role, Permission::PeopleRead);
    });
}

std::string ownerOf(const contract::Me& me)
{
    return fmt::format("{}/{}/{}", me.installation, me.person, me.viewingAccount.value_or(0));
}

Error unexpectedAnswer()
{
    return { ErrorCode::Cancelled, "an answer to a request that is no longer under way" };
}

} // namespace

SyncMachine::SyncMachine(Store& store, Budget budget)
    : m_store(store)
    , m_budget(budget)
{
}

Result<> SyncMachine::start(const contract::Me& me)
{
    QUITTANCE_CHECK(me.viewingAccount ? m_store.bindView(ownerOf(me)) : m_store.bind(ownerOf(me)));
    stop();
    m_connection = SyncConnection::Connecting;
    m_maySeePeople = maySeePeople(me);
    addStandingScope(accountsScope);
    if (m_maySeePeople)
        addStandingScope(peopleScope);
    QUITTANCE_CHECK(updateStandingScopes());
    m_lastSync.reset(); // of another caller, perhaps
    updateLastSync();
    return {};
}

void SyncMachine::stop()
{
    m_scopes.clear();
    m_underWay.reset();
    m_loading.reset();
    m_problem.reset();
    m_offlineSince.reset();
    m_failedAt.reset();
    m_failures = 0;
    m_hint = 0;
    m_connection = SyncConnection::SignedOut;
}

SyncMachine::ScopeWork& SyncMachine::addScope(const std::string& scope)
{
    if (const auto known = m_scopes.find(scope); known != m_scopes.end())
        return known->second;
    ScopeWork work;
    work.stored.scope = scope;
    if (Result<ScopeState> stored = m_store.scope(scope))
        work.stored = *stored;
    work.hinted = m_hint;
    return m_scopes.emplace(scope, std::move(work)).first->second;
}

void SyncMachine::subscribe(const std::string& scope)
{
    if (m_connection == SyncConnection::SignedOut)
        return;
    addScope(scope).wanted = true;
    if (Result<> noted = m_store.markOpened(scope); !noted)
        m_problem = noted.error();
}

void SyncMachine::hint(std::int64_t feedNumber)
{
    m_hint = std::max(m_hint, feedNumber);
    for (auto& [name, work] : m_scopes)
        work.hinted = std::max(work.hinted, feedNumber);
}

void SyncMachine::retryNow()
{
    m_failedAt.reset();
    for (auto& [name, work] : m_scopes) {
        work.askedAt.reset();
        work.wanted = true;
    }
}

void SyncMachine::cancelLoading()
{
    if (!m_underWay || m_underWay->kind != SyncRequest::Kind::Snapshot)
        return;
    if (ScopeWork* work = current(m_underWay->id))
        work->wanted = false;
    for (auto& [name, work] : m_scopes)
        work.wanted = work.wanted && work.stored.complete;
    m_underWay.reset();
    m_loading.reset();
}

std::optional<LoadProgress> SyncMachine::loading() const
{
    std::int64_t standing = 0;
    std::int64_t complete = 0;
    bool isMoreWanted = false;
    for (const auto& [name, work] : m_scopes) {
        if (!work.standing || (!work.stored.complete && !work.wanted))
            continue;
        ++standing;
        complete += work.stored.complete ? 1 : 0;
        isMoreWanted = isMoreWanted || !work.stored.complete;
    }
    if (!isMoreWanted)
        return m_loading; // a scope that a page opened, perhaps
    if (!m_loading && m_connection != SyncConnection::Live)
        return std::nullopt;
    LoadProgress progress = m_loading.value_or(LoadProgress {});
    progress.scopesLoaded = complete;
    progress.scopes = standing;
    return progress;
}

bool SyncMachine::isIncomplete() const
{
    return std::any_of(m_scopes.begin(), m_scopes.end(), [](const auto& scope) {
        return scope.second.standing && !scope.second.stored.complete && !scope.second.wanted;
    });
}

std::int64_t LoadProgress::thousandths() const
{
    constexpr std::int64_t whole = 1000;
    const std::int64_t part = total > 0 ? std::min(loaded, total) * whole / total : 0;
    return (scopesLoaded * whole + part) / std::max<std::int64_t>(scopes, 1);
}

/// After a failure any question will do to learn whether the backend is back.
bool SyncMachine::needsAsking(const ScopeWork& work, Instant now) const
{
    if (!work.wanted)
        return false;
    if (m_failedAt || !work.stored.complete || work.more || work.hinted > work.stored.cursor)
        return true;
    return !work.askedAt || now.micros - work.askedAt->micros >= pollMicros;
}

SyncRequest SyncMachine::makeRequest(const std::string& scope, ScopeWork& work, Instant now)
{
    work.askedAt = now;
    work.hintedAtRequest = work.hinted;
    const auto kind
        = work.stored.complete ? SyncRequest::Kind::Changes : SyncRequest::Kind::Snapshot;
    return { kind, ++m_lastId, scope, work.stored.cursor };
}

std::optional<SyncRequest> SyncMachine::nextRequest(Instant now)
{
    if (m_connection == SyncConnection::SignedOut || m_underWay)
        return std::nullopt;
    if (const std::optional<Instant> wait = nextTry(); wait && now < *wait)
        return std::nullopt;
    // "accounts" sorts before "bills:" and "events:": who is billed is known before what.
    for (auto& [name, work] : m_scopes) {
        if (needsAsking(work, now)) {
            m_underWay = makeRequest(name, work, now);
            return m_underWay;
        }
    }
    return std::nullopt;
}

std::optional<Instant> SyncMachine::nextTry() const
{
    if (!m_failedAt)
        return std::nullopt;
    constexpr int doublingsMax = 6;
    const std::int64_t wait
        = std::min(firstWaitMicros << std::clamp(m_failures - 1, 0, doublingsMax), lastWaitMicros);
    return Instant { m_failedAt->micros + wait };
}

Instant SyncMachine::nextWakeUp(Instant now) const
{
    std::int64_t wake = now.micros + pollMicros;
    for (const auto& [name, work] : m_scopes) {
        if (!work.wanted)
            continue;
        wake = std::min(
            wake, needsAsking(work, now) ? now.micros : work.askedAt->micros + pollMicros
        );
    }
    return std::max(Instant { wake }, nextTry().value_or(now));
}

SyncMachine::ScopeWork* SyncMachine::current(std::uint64_t id)
{
    if (!m_underWay || m_underWay->id != id)
        return nullptr;
    const auto found = m_scopes.find(m_underWay->scope);
    return found == m_scopes.end() ? nullptr : &found->second;
}

Result<> SyncMachine::snapshotStarted(std::uint64_t id, const contract::SnapshotHeader& header)
{
    if (current(id) == nullptr)
        return failure(unexpectedAnswer());
    if (header.scope != m_underWay->scope)
        return failure(
            ErrorCode::BadAnswer,
            fmt::format("asked for scope {}, got {}", m_underWay->scope, header.scope)
        );
    m_underWay->cursor = header.cursor;
    m_loading = LoadProgress { header.scope, 0, header.items };
    m_loadedBytes = 0;
    return m_store.beginSnapshot(header.scope);
}

Result<> SyncMachine::snapshotItems(std::uint64_t id, const std::vector<contract::Item>& items)
{
    if (current(id) == nullptr || !m_loading)
        return failure(unexpectedAnswer());
    QUITTANCE_TRY(const std::int64_t bytes, m_store.addSnapshotItems(m_underWay->scope, items));
    m_loadedBytes += bytes;
    m_loading->loaded += static_cast<std::int64_t>(items.size());
    return checkBudget();
}

Result<> SyncMachine::checkBudget() const
{
    const std::string& name = m_underWay->scope;
    QUITTANCE_TRY(const contract::Scope scope, contract::parseScope(name));
    const std::int64_t budget = m_budget(scope.kind);
    if (m_scopes.at(name).standing || m_loadedBytes <= budget)
        return {};
    return failure(
        ErrorCode::TooLarge, fmt::format("{} has more than the {} bytes kept", name, budget)
    );
}

/// Makes room for a scope that a page opened.
Result<> SyncMachine::keepToBudget(const std::string& loaded)
{
    if (m_scopes.at(loaded).standing)
        return {};
    QUITTANCE_TRY(const contract::Scope scope, contract::parseScope(loaded));
    std::set<std::string> standing;
    for (const auto& [name, work] : m_scopes) {
        if (work.standing)
            standing.insert(name);
    }
    QUITTANCE_TRY(
        const std::vector<std::string> dropped,
        m_store.dropOverBudget(scope.kind, m_budget(scope.kind), standing)
    );
    for (const std::string& name : dropped) {
        m_scopes.erase(name);
        m_changed.push_back(name);
    }
    return {};
}

Result<> SyncMachine::snapshotEnded(std::uint64_t id, const contract::SnapshotEnd& end, Instant now)
{
    ScopeWork* work = current(id);
    if (work == nullptr || !m_loading)
        return failure(unexpectedAnswer());
    if (end.items != m_loading->loaded)
        return failure(
            ErrorCode::BadAnswer,
            fmt::format(
                "the snapshot of {} says {} items and holds {}", m_underWay->scope, end.items,
                m_loading->loaded
            )
        );
    QUITTANCE_CHECK(m_store.finishSnapshot(m_underWay->scope, m_underWay->cursor, now));
    work->stored.cursor = m_underWay->cursor;
    work->stored.complete = true;
    const std::string scope = m_underWay->scope;
    m_changed.push_back(scope);
    answered(*work, now);
    QUITTANCE_CHECK(keepToBudget(scope));
    return updateStandingScopes();
}

Result<>
SyncMachine::changesArrived(std::uint64_t id, const contract::ChangePage& page, Instant now)
{
    ScopeWork* work = current(id);
    if (work == nullptr)
        return failure(unexpectedAnswer());
    if (page.cursor < work->stored.cursor)
        return failure(ErrorCode::BadAnswer, "the feed went backwards");
    const std::string scope = m_underWay->scope;
    if (page.changes.empty()) {
        QUITTANCE_CHECK(m_store.markSynced(m_underWay->scope, page.cursor, now));
    } else {
        QUITTANCE_CHECK(m_store.applyChanges(m_underWay->scope, page, now));
        m_changed.push_back(m_underWay->scope);
    }
    work->stored.cursor = page.cursor;
    work->more = page.more;
    // A whole page ends at the feed's own end. Were it short of what was hinted before the
    // question, asking again at once would not help: the next poll or hint does.
    if (!page.more && work->hinted == work->hintedAtRequest)
        work->hinted = page.cursor;
    answered(*work, now);
    if (!page.changes.empty())
        QUITTANCE_CHECK(keepToBudget(scope));
    return updateStandingScopes();
}

void SyncMachine::answered(ScopeWork& work, Instant now)
{
    if (m_failedAt) { // back again: much may have changed meanwhile
        for (auto& [name, other] : m_scopes)
            other.askedAt.reset();
        work.askedAt = now;
    }
    work.stored.syncedAt = now;
    m_underWay.reset();
    m_loading.reset();
    m_failures = 0;
    m_failedAt.reset();
    m_offlineSince.reset();
    m_problem.reset();
    m_connection = SyncConnection::Live;
    updateLastSync();
}

void SyncMachine::failed(std::uint64_t id, const Error& error, Instant now)
{
    ScopeWork* work = current(id);
    if (work == nullptr)
        return;
    const std::string scope = m_underWay->scope;
    m_underWay.reset();
    m_loading.reset();
    if (error.code == ErrorCode::Unauthenticated) {
        stop();
        m_problem = error;
        return;
    }
    const bool isTooLarge = error.code == ErrorCode::TooLarge && !work->standing;
    if (isTooLarge || error.code == ErrorCode::NotFound
        || error.code == ErrorCode::PermissionDenied) {
        m_scopes.erase(scope);
        if (Result<> dropped = m_store.dropScope(scope); !dropped)
            m_problem = dropped.error();
        m_changed.push_back(scope);
        return;
    }
    if (error.code == ErrorCode::Conflict) {
        work->stored.complete = false;
        work->stored.cursor = 0;
        return;
    }
    m_problem = error;
    m_failedAt = now;
    ++m_failures;
    m_connection = SyncConnection::Offline;
    if (!m_offlineSince)
        m_offlineSince = now;
}

Result<> SyncMachine::updateStandingScopes()
{
    QUITTANCE_TRY(const std::vector<AccountItem> accounts, m_store.accounts());
    const std::size_t count = std::min(accounts.size(), standingAccountsMax);
    for (std::size_t i = 0; i < count; ++i) {
        contract::Scope scope;
        scope.kind = contract::Scope::Kind::Bills;
        scope.account = accounts[i].id;
        addStandingScope(contract::toText(scope));
    }
    return {};
}

void SyncMachine::updateLastSync()
{
    std::int64_t oldest = std::numeric_limits<std::int64_t>::max();
    for (const auto& [name, work] : m_scopes) {
        if (!work.wanted)
            continue;
        if (!work.stored.syncedAt)
            return;
        oldest = std::min(oldest, work.stored.syncedAt->micros);
    }
    if (!m_scopes.empty() && oldest != std::numeric_limits<std::int64_t>::max())
        m_lastSync = Instant { oldest };
}

std::vector<std::string> SyncMachine::takeChangedScopes()
{
    return std::exchange(m_changed, {});
}

} // namespace quittance::client
