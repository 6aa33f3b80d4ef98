#include "core/database/sqlite/connection.h"

#include "core/database/sqlite/errors.h"
#include "core/database/text_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <thread>

namespace quittance::database::sqlite {

namespace {

constexpr std::size_t statementsMax = 512;

// sum() refuses an overflow, + turns it into a floating-point number without a word. bulkInsert
// adds by this function.
void addExactly(sqlite3_context* context, int /*count*/, sqlite3_value** values)
{
    std::int64_t sum = 0;
    if (__builtin_add_overflow(
            sqlite3_value_int64(values[0]), sqlite3_value_int64(values[1]), &sum
        ))
        sqlite3_result_error(context, "integer overflow", -1);
    else
        sqlite3_result_int64(context, sum);
}

Result<std::size_t> argumentIndex(const char* name, std::string_view sql)
{
    const std::string_view text = name == nullptr ? "" : name;
    std::size_t number = 0;
    if (text.starts_with('$')) {
        const char* end = text.data() + text.size();
        const auto [stop, error] = std::from_chars(text.data() + 1, end, number);
        if (error != std::errc() || stop != end)
            number = 0;
    }
    if (number == 0)
        return failure(
            ErrorCode::Internal,
            fmt::format("placeholders are $1, $2, ..., not '{}', in: {}", text, abbreviated(sql))
        );
    return number - 1;
}

// PostgreSQL refuses a number that is missing in between, so SQLite does too.
Result<> mapArguments(Statement& statement, std::string_view sql)
{
    const int count = sqlite3_bind_parameter_count(statement.handle.get());
    for (int i = 1; i <= count; ++i) {
        QUITTANCE_TRY(
            const std::size_t index,
            argumentIndex(sqlite3_bind_parameter_name(statement.handle.get(), i), sql)
        );
        statement.argumentOf.push_back(index);
        statement.argumentCount = std::max(statement.argumentCount, index + 1);
    }
    if (statement.argumentCount != statement.argumentOf.size())
        return failure(
            ErrorCode::Internal,
            fmt::format(
                "a placeholder below ${} is missing in: {}", statement.argumentCount,
                abbreviated(sql)
            )
        );
    return {};
}

// SQLite takes the length -1 for "up to NUL" and a null pointer for NULL, so an empty value needs
// an address.
int bindValue(sqlite3_stmt* statement, int parameter, const Value& value)
{
    if (const auto* integer = std::get_if<std::int64_t>(&value))
        return sqlite3_bind_int64(statement, parameter, *integer);
    if (const auto* text = std::get_if<std::string>(&value))
        return sqlite3_bind_text64(
            statement, parameter, text->data(), text->size(), SQLITE_STATIC, SQLITE_UTF8
        );
    if (const auto* bytes = std::get_if<Bytes>(&value))
        return bytes->empty() ? sqlite3_bind_zeroblob(statement, parameter, 0)
                              : sqlite3_bind_blob64(
                                  statement, parameter, bytes->data(), bytes->size(), SQLITE_STATIC
                              );
    return sqlite3_bind_null(statement, parameter);
}

int openFlags(const Location& location, const Options& options, Role role)
{
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    if (location.isMemory)
        return flags | SQLITE_OPEN_URI | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    flags |= options.readOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    if (role == Role::Writer && !options.readOnly && options.createIfMissing)
        flags |= SQLITE_OPEN_CREATE;
    return flags;
}

} // namespace

StatementLease::StatementLease(Statement& kept)
    : m_statement(&kept)
{
    kept.isInUse = true;
}

StatementLease::StatementLease(std::unique_ptr<Statement> own)
    : m_own(std::move(own))
    , m_statement(m_own.get())
{
}

StatementLease::StatementLease(StatementLease&& other) noexcept
    : m_own(std::move(other.m_own))
    , m_statement(std::exchange(other.m_statement, nullptr))
{
}

StatementLease::~StatementLease()
{
    if (m_statement == nullptr)
        return;
    sqlite3_reset(handle());
    if (!m_statement->argumentOf.empty())
        sqlite3_clear_bindings(handle());
    m_statement->isInUse = false;
}

Result<> StatementLease::bind(std::span<const Value> args, std::string_view sql)
{
    if (args.size() != m_statement->argumentCount)
        return failure(
            ErrorCode::Internal,
            fmt::format(
                "{} arguments for {} placeholders in: {}", args.size(), m_statement->argumentCount,
                abbreviated(sql)
            )
        );
    for (std::size_t i = 0; i < m_statement->argumentOf.size(); ++i) {
        const Value& value = args[m_statement->argumentOf[i]];
        if (bindValue(handle(), static_cast<int>(i + 1), value) != SQLITE_OK)
            return failure(lastError(sqlite3_db_handle(handle()), sql));
    }
    return {};
}

Connection::Connection(sqlite3* handle)
    : m_handle(handle)
{
}

Result<std::unique_ptr<Connection>>
Connection::open(const Location& location, const Options& options, Role role)
{
    sqlite3* handle = nullptr;
    const int code = sqlite3_open_v2(
        location.name.c_str(), &handle, openFlags(location, options, role),
        location.vfs.empty() ? nullptr : location.vfs.c_str()
    );
    std::unique_ptr<Connection> connection(new Connection(handle));
    if (code != SQLITE_OK) {
        const Error error = toError(code, sqlite3_errstr(code), {});
        return failure(error.code, fmt::format("{}: {}", location.name, error.detail));
    }
    auto configured = connection->configure(location, options, role);
    if (configured)
        return connection;
    Error error = std::move(configured).error();
    if (!error.detail.starts_with(location.name)) // some messages name the file by themselves
        error.detail = fmt::format("{}: {}", location.name, error.detail);
    return failure(std::move(error));
}

bool Connection::isReadOnly() const
{
    return sqlite3_db_readonly(m_handle.get(), "main") == 1;
}

bool Connection::isInTransaction() const
{
    return sqlite3_get_autocommit(m_handle.get()) == 0;
}

Result<> Connection::configure(const Location& location, const Options& options, Role role)
{
    sqlite3_busy_timeout(m_handle.get(), options.busyTimeoutMs);
    if (sqlite3_create_function_v2(
            m_handle.get(), "quittance_add", 2, SQLITE_UTF8 | SQLITE_DETERMINISTIC, nullptr,
            addExactly, nullptr, nullptr, nullptr
        )
        != SQLITE_OK)
        return failure(lastError(m_handle.get(), "quittance_add"));
    if (addBulkRows(m_handle.get(), m_bulkRows) != SQLITE_OK)
        return failure(lastError(m_handle.get(), bulkRowsTable));
    QUITTANCE_CHECK(run("PRAGMA foreign_keys = ON"));
    // INSERT OR REPLACE then runs the triggers that guard deletions.
    QUITTANCE_CHECK(run("PRAGMA recursive_triggers = ON"));
    QUITTANCE_CHECK(run("PRAGMA synchronous = FULL"));
    if (!isReadOnly() && !location.isMemory && role == Role::Writer)
        QUITTANCE_CHECK(enterWal(options.busyTimeoutMs));
    if (role == Role::Reader) {
        QUITTANCE_CHECK(run("PRAGMA cache_size = -16384"));
        return run("PRAGMA query_only = ON");
    }
    QUITTANCE_CHECK(run("PRAGMA cache_size = -65536"));
    if (options.overwriteDeleted)
        QUITTANCE_CHECK(run("PRAGMA secure_delete = ON"));
    // 16 MiB: an import then copies a page that changes often back to the file less often.
    QUITTANCE_CHECK(run("PRAGMA wal_autocheckpoint = 16384"));
    return run("SELECT COUNT(*) FROM sqlite_schema"
    ); // Reads the header: is this a database at all?
}

// Two processes that create the file at once: switching to WAL answers busy without waiting.
Result<> Connection::enterWal(int busyTimeoutMs)
{
    using Clock = std::chrono::steady_clock;
    constexpr std::chrono::milliseconds pause(5);
    const auto deadline = Clock::now() + std::chrono::milliseconds(busyTimeoutMs);
    Result<> entered = run("PRAGMA journal_mode = WAL");
    while (!entered && entered.error().code == ErrorCode::Busy && Clock::now() < deadline) {
        std::this_thread::sleep_for(pause);
        entered = run("PRAGMA journal_mode = WAL");
    }
    return entered;
}

Result<Statement> Connection::compile(std::string_view sql)
{
    sqlite3_stmt* handle = nullptr;
    const char* tail = nullptr;
    const int code = sqlite3_prepare_v3(
        m_handle.get(), sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
        &handle, &tail
    );
    Statement statement;
    statement.handle.reset(handle);
    if (code != SQLITE_OK)
        return failure(lastError(m_handle.get(), sql));
    const std::string_view rest = sql.substr(static_cast<std::size_t>(tail - sql.data()));
    if (handle == nullptr || rest.find_first_not_of(" \t\r\n;") != std::string_view::npos)
        return failure(ErrorCode::Internal, fmt::format("not one statement: {}", abbreviated(sql)));
    QUITTANCE_CHECK(mapArguments(statement, sql));
    return statement;
}

Result<StatementLease> Connection::prepare(std::string_view sql)
{
    if (const auto found = m_cache.find(sql); found != m_cache.end()) {
        Statement& statement = found->second;
        if (!statement.isInUse) {
            m_ages.splice(m_ages.end(), m_ages, statement.age);
            return StatementLease(statement);
        }
        QUITTANCE_TRY(Statement own, compile(sql));
        return StatementLease(std::make_unique<Statement>(std::move(own)));
    }
    QUITTANCE_TRY(Statement statement, compile(sql));
    if (m_cache.size() >= statementsMax)
        forgetOldest();
    const auto added = m_cache.emplace(sql, std::move(statement)).first;
    added->second.age = m_ages.insert(m_ages.end(), added->first);
    return StatementLease(added->second);
}

void Connection::forgetOldest()
{
    const auto oldest = std::find_if(m_ages.begin(), m_ages.end(), [this](std::string_view sql) {
        return !m_cache.find(sql)->second.isInUse;
    });
    if (oldest == m_ages.end())
        return;
    const auto statement = m_cache.find(*oldest);
    m_ages.erase(oldest);
    m_cache.erase(statement);
}

Result<> Connection::run(std::string_view sql)
{
    QUITTANCE_TRY(const StatementLease statement, prepare(sql));
    int code = SQLITE_ROW;
    while (code == SQLITE_ROW)
        code = sqlite3_step(statement.handle());
    if (code != SQLITE_DONE)
        return failure(lastError(m_handle.get(), sql));
    return {};
}

} // namespace quittance::database::sqlite
