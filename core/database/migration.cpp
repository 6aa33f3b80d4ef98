#include "core/database/migration.h"

#include <fmt/format.h>

#include <algorithm>

namespace quittance::database {

namespace {

constexpr std::string_view versionTable = "schema_version";

int highest(std::span<const Migration> migrations)
{
    int number = 0;
    for (const Migration& migration : migrations)
        number = std::max(number, migration.number);
    return number;
}

Result<int> storedVersion(Transaction& tx)
{
    QUITTANCE_TRY(
        const std::int64_t exists,
        tx.queryInteger(tx.dialect().tableExists(), { std::string(versionTable) })
    );
    if (exists == 0)
        return 0;
    QUITTANCE_TRY(
        const std::int64_t number,
        tx.queryInteger("SELECT CAST(COALESCE(MAX(number), 0) AS BIGINT) FROM schema_version")
    );
    return static_cast<int>(number);
}

Error tooNew(const SchemaState& state)
{
    return { ErrorCode::SchemaTooNew,
             fmt::format(
                 "the database has schema {}, this program knows up to {}: use a newer program",
                 state.current, state.known
             ) };
}

Result<> createVersionTable(Database& database)
{
    return database.write([](Transaction& tx) -> Result<> {
        return runScript(
            tx,
            "CREATE TABLE IF NOT EXISTS schema_version (number BIGINT NOT NULL PRIMARY KEY, name "
            "TEXT "
            "NOT NULL)"
        );
    });
}

// Two programs that meet an empty PostgreSQL both see no table, and one of them fails in the
// catalogue.
Result<> ensureVersionTable(Database& database)
{
    Result<> created = createVersionTable(database);
    if (!created && created.error().code == ErrorCode::AlreadyExists)
        return createVersionTable(database);
    return created;
}

Result<> applyStep(Database& database, const Migration& step)
{
    return database.write([&step](Transaction& tx) -> Result<> {
        if (const std::string lock = tx.dialect().lockTable(versionTable); !lock.empty())
            QUITTANCE_CHECK(tx.execute(lock));
        QUITTANCE_TRY(const int current, storedVersion(tx));
        if (current >= step.number)
            return {}; // Another program did it meanwhile.
        if (auto applied = step.apply(tx); !applied)
            return failure(
                applied.error().code,
                fmt::format("migration {} ({}): {}", step.number, step.name, applied.error().detail)
            );
        QUITTANCE_CHECK(tx.execute(
            "INSERT INTO schema_version (number, name) VALUES ($1, $2)",
            { std::int64_t { step.number }, step.name }
        ));
        return {};
    });
}

bool isSpaceOrComment(std::string_view statement)
{
    while (!statement.empty()) {
        const std::string_view line = statement.substr(0, statement.find('\n'));
        const std::size_t begin = line.find_first_not_of(" \t\r;");
        if (begin != std::string_view::npos && !line.substr(begin).starts_with("--"))
            return false;
        statement.remove_prefix(std::min(line.size() + 1, statement.size()));
    }
    return true;
}

} // namespace

Result<SchemaState> schemaState(Database& database, std::span<const Migration> migrations)
{
    QUITTANCE_TRY(const int current, database.read(storedVersion));
    return SchemaState { current, highest(migrations) };
}

Result<SchemaState> migrate(Database& database, std::span<const Migration> migrations)
{
    QUITTANCE_TRY(const SchemaState before, schemaState(database, migrations));
    if (before.current > before.known)
        return failure(tooNew(before));
    if (before.current == before.known)
        return before;
    QUITTANCE_CHECK(ensureVersionTable(database));
    std::vector<const Migration*> steps;
    for (const Migration& migration : migrations)
        if (migration.number > before.current)
            steps.push_back(&migration);
    std::ranges::sort(steps, {}, &Migration::number);
    for (const Migration* step : steps)
        QUITTANCE_CHECK(applyStep(database, *step));
    QUITTANCE_TRY(const SchemaState after, schemaState(database, migrations));
    if (after.current > after.known)
        return failure(tooNew(after));
    return after;
}

Result<> requireCurrentSchema(Database& database, std::span<const Migration> migrations)
{
    QUITTANCE_TRY(const SchemaState state, schemaState(database, migrations));
    if (state.current > state.known)
        return failure(tooNew(state));
    if (state.current < state.known)
        return failure(
            ErrorCode::SchemaTooOld,
            fmt::format(
                "the database has schema {}, this program needs {}: run `quittanced migrate`",
                state.current, state.known
            )
        );
    return {};
}

Result<> runScript(Transaction& tx, std::string_view script)
{
    constexpr std::string_view separator = ";\n";
    while (!script.empty()) {
        const std::size_t end = script.find(separator);
        const std::string_view statement = script.substr(0, end);
        script.remove_prefix(
            end == std::string_view::npos ? script.size() : end + separator.size()
        );
        if (!isSpaceOrComment(statement))
            QUITTANCE_CHECK(tx.execute(tx.dialect().ddl(statement)));
    }
    return {};
}

} // namespace quittance::database
