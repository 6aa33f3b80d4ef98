#include "core/database/postgres/connection.h"

#include "core/database/postgres/errors.h"
#include "core/database/postgres/wire.h"
#include "core/database/text_check.h"

#include <fmt/format.h>

#include <array>
#include <cstring>

namespace quittance::database::postgres {

namespace {

constexpr std::size_t statementsMax = 256;
constexpr int binaryFormat = 1;

void ignoreNotice(void* /*context*/, const PGresult* /*notice*/) { }

// Others (CREATE, LOCK, ...) run once; a prepared name for each would only push out those that run
// often.
bool isWorthPreparing(std::string_view sql)
{
    constexpr std::array<std::string_view, 5> beginnings { "SELECT", "INSERT", "UPDATE", "DELETE",
                                                           "WITH" };
    const std::string_view text
        = sql.substr(std::min(sql.find_first_not_of(" \t\r\n"), sql.size()));
    return std::any_of(beginnings.begin(), beginnings.end(), [text](std::string_view beginning) {
        return text.starts_with(beginning);
    });
}

// A statement first sent with a NULL has a type the server inferred; the first value of that place
// gives the sure one.
bool fits(const std::vector<Oid>& prepared, const std::vector<Oid>& given)
{
    if (prepared.size() != given.size())
        return false;
    for (std::size_t i = 0; i < given.size(); ++i)
        if (given[i] != 0 && given[i] != prepared[i])
            return false;
    return true;
}

std::vector<Oid> merged(const std::vector<Oid>& prepared, std::vector<Oid> given)
{
    for (std::size_t i = 0; i < given.size() && i < prepared.size(); ++i)
        if (given[i] == 0)
            given[i] = prepared[i];
    return given;
}

struct OptionsFreer {
    void operator()(PQconninfoOption* options) const noexcept { PQconninfoFree(options); }
};

bool isSecret(const PQconninfoOption& option)
{
    const std::string_view keyword = option.keyword;
    return (keyword == "password" || keyword == "sslpassword") && option.val != nullptr;
}

// libpq takes another connection string as the database's name where the caller lets it; a password
// could hide there.
bool isNestedAddress(const PQconninfoOption& option)
{
    const std::string_view value = option.val == nullptr ? "" : option.val;
    return std::string_view(option.keyword) == "dbname"
        && (value.find('=') != std::string_view::npos || value.find("://") != std::string_view::npos
        );
}

} // namespace

Parameters::Parameters(std::span<const Value> args)
    : m_integers(args.size())
{
    for (std::size_t i = 0; i < args.size(); ++i) {
        const auto add = [this](Oid type, const void* value, std::size_t size) {
            m_types.push_back(type);
            m_values.push_back(static_cast<const char*>(value));
            m_lengths.push_back(static_cast<int>(size));
            m_formats.push_back(binaryFormat);
        };
        if (const auto* integer = std::get_if<std::int64_t>(&args[i])) {
            std::array<char, sizeof(std::uint64_t)> encoded {};
            storeBigEndian(static_cast<std::uint64_t>(*integer), encoded.data());
            std::memcpy(&m_integers[i], encoded.data(), encoded.size());
            add(int8Type, &m_integers[i], encoded.size());
        } else if (const auto* text = std::get_if<std::string>(&args[i])) {
            add(textType, text->data(), text->size());
        } else if (const auto* bytes = std::get_if<Bytes>(&args[i])) {
            // A null pointer would be NULL; no bytes are still a value.
            add(byteaType, bytes->empty() ? static_cast<const void*>("") : bytes->data(),
                bytes->size());
        } else {
            add(0, nullptr, 0);
        }
    }
}

Result<> checkUrl(const std::string& url)
{
    char* message = nullptr;
    const std::unique_ptr<PQconninfoOption, OptionsFreer> options(
        PQconninfoParse(url.c_str(), &message)
    );
    PQfreemem(message); // Repeats parts of the URL, so it is not shown.
    if (!options)
        return failure(
            ErrorCode::InvalidArgument,
            "the PostgreSQL URL cannot be read; expected postgresql://[USER@][HOST][:PORT]/DATABASE"
            "[?KEYWORD=VALUE&...], other characters as %XX"
        );
    for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option)
        if (isSecret(*option) || isNestedAddress(*option))
            return failure(
                ErrorCode::InvalidArgument,
                "a database URL must not hold a password: name a password file by PGPASSFILE or "
                "?passfile=, or a service by PGSERVICE"
            );
    return {};
}

Connection::Connection(PGconn* handle)
    : m_handle(handle)
    , m_cancel(handle == nullptr ? nullptr : PQgetCancel(handle))
{
}

Result<std::unique_ptr<Connection>> Connection::open(const std::string& url, const Options& options)
{
    QUITTANCE_CHECK(checkUrl(url));
    const std::array keywords { "dbname", "client_encoding", "fallback_application_name",
                                static_cast<const char*>(nullptr) };
    const std::array values { url.c_str(), "UTF8", "quittance", static_cast<const char*>(nullptr) };
    constexpr int expandDatabaseName = 1;
    std::unique_ptr<Connection> connection(
        new Connection(PQconnectdbParams(keywords.data(), values.data(), expandDatabaseName))
    );
    if (connection->isBroken())
        return failure(connectionError(connection->handle()));
    PQsetNoticeReceiver(connection->handle(), ignoreNotice, nullptr);
    QUITTANCE_CHECK(connection->run(fmt::format("SET lock_timeout = {}", options.busyTimeoutMs)));
    if (options.readOnly)
        QUITTANCE_CHECK(connection->setReadOnly());
    return connection;
}

Result<> Connection::setReadOnly()
{
    return run("SET default_transaction_read_only = on");
}

bool Connection::isIdle() const
{
    return !isBroken() && PQtransactionStatus(m_handle.get()) == PQTRANS_IDLE;
}

Error Connection::noteError(const PGresult* result, std::string_view sql)
{
    if (isOutdatedPlan(result)) {
        forgetStatements();
        m_isWorthRepeating = true;
    }
    if (database::postgres::isWorthRepeating(sqlState(result)))
        m_isWorthRepeating = true;
    return toError(result, m_handle.get(), sql);
}

Result<> Connection::run(const std::string& sql)
{
    const Answer answer(PQexec(m_handle.get(), sql.c_str()));
    const ExecStatusType status = PQresultStatus(answer.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        return failure(noteError(answer.get(), sql));
    // COMMIT of a failed transaction "succeeds" by rolling back.
    if (sql == "COMMIT" && std::string_view(PQcmdStatus(answer.get())) == "ROLLBACK")
        return failure(ErrorCode::Internal, "PostgreSQL rolled back what should be committed");
    return {};
}

Result<>
Connection::prepare(const std::string& name, std::string_view sql, const std::vector<Oid>& types)
{
    const Answer answer(PQprepare(
        m_handle.get(), name.c_str(), std::string(sql).c_str(), static_cast<int>(types.size()),
        types.data()
    ));
    if (PQresultStatus(answer.get()) != PGRES_COMMAND_OK)
        return failure(noteError(answer.get(), sql));
    return {};
}

Result<> Connection::deallocate(const std::string& name)
{
    return run("DEALLOCATE " + name);
}

Result<> Connection::forgetOldest()
{
    const auto oldest = m_cache.find(m_ages.front());
    const std::string name = oldest->second.name;
    m_ages.pop_front();
    m_cache.erase(oldest);
    return deallocate(name);
}

void Connection::forgetStatements()
{
    m_cache.clear();
    m_ages.clear();
}

Result<std::string> Connection::prepared(std::string_view sql, const Parameters& parameters)
{
    std::vector<Oid> types = parameters.types();
    if (const auto found = m_cache.find(sql); found != m_cache.end()) {
        m_ages.splice(m_ages.end(), m_ages, found->second.age);
        if (fits(found->second.types, types))
            return found->second.name;
        types = merged(found->second.types, std::move(types));
        const std::string outdated = found->second.name;
        m_ages.erase(found->second.age);
        m_cache.erase(found);
        QUITTANCE_CHECK(deallocate(outdated));
    }
    QUITTANCE_CHECK(checkPlaceholders(sql, types.size()));
    if (m_cache.size() >= statementsMax)
        QUITTANCE_CHECK(forgetOldest());
    const std::string name = fmt::format("quittance_{}", ++m_nameCount);
    QUITTANCE_CHECK(prepare(name, sql, types));
    const auto added = m_cache.emplace(sql, Prepared { name, std::move(types), {} }).first;
    added->second.age = m_ages.insert(m_ages.end(), added->first);
    return name;
}

Result<> Connection::send(std::string_view sql, const Parameters& parameters)
{
    int isSent = 0;
    if (isWorthPreparing(sql)) {
        QUITTANCE_TRY(const std::string name, prepared(sql, parameters));
        isSent = PQsendQueryPrepared(
            m_handle.get(), name.c_str(), parameters.count(), parameters.values(),
            parameters.lengths(), parameters.formats(), binaryFormat
        );
    } else {
        QUITTANCE_CHECK(checkPlaceholders(sql, parameters.types().size()));
        isSent = PQsendQueryParams(
            m_handle.get(), std::string(sql).c_str(), parameters.count(), parameters.types().data(),
            parameters.values(), parameters.lengths(), parameters.formats(), binaryFormat
        );
    }
    if (isSent == 0)
        return failure(connectionError(m_handle.get()));
    return {};
}

void Connection::finish()
{
    // A COPY that was not ended answers the same for ever; such a connection is dropped, not kept.
    const auto isCopying = [](const Answer& answer) {
        const ExecStatusType status = PQresultStatus(answer.get());
        return status == PGRES_COPY_IN || status == PGRES_COPY_OUT;
    };
    Answer rest = nextAnswer();
    while (rest && !isCopying(rest))
        rest = nextAnswer();
}

void Connection::interrupt()
{
    constexpr std::size_t messageSize = 256;
    std::array<char, messageSize> message {};
    PQcancel(m_cancel.get(), message.data(), static_cast<int>(message.size()));
}

} // namespace quittance::database::postgres
