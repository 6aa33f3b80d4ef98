#include "core/database/sqlite/sqlite_dialect.h"

#include "core/database/ddl_text.h"

#include <fmt/format.h>

namespace quittance::database::sqlite {

namespace {

std::string withoutTrailingSpace(std::string text)
{
    text.erase(text.find_last_not_of(" \t\r\n;") + 1);
    return text;
}

std::string refusal(
    std::string_view table, std::string_view suffix, std::string_view event,
    std::string_view condition, std::string_view reason
)
{
    return fmt::format(
        "CREATE TRIGGER {0}_{1}_{2} BEFORE {3} ON {0} FOR EACH ROW{4} BEGIN "
        "SELECT RAISE(ABORT, '{0}: {5}'); END",
        table, suffix, event == "UPDATE" ? "update" : "delete", event, condition, reason
    );
}

class SqliteDialect final : public Dialect {
public:
    [[nodiscard]] Engine engine() const override { return Engine::Sqlite; }

    // STRICT: a column holds the type it is declared with, as PostgreSQL sees to; without it, an
    // overflow in SQL would be stored as a floating-point number. BIGINT is no type of a STRICT
    // table; INT is, and never becomes the row id.
    [[nodiscard]] std::string ddl(std::string_view text) const override
    {
        std::string answer = replaced(std::string(text), "$ID$", "INTEGER PRIMARY KEY");
        answer = replaced(std::move(answer), "$BYTES$", "BLOB");
        const bool isClustered = answer.find("$WITHOUT_ROWID$") != std::string::npos;
        answer = replaced(std::move(answer), "$WITHOUT_ROWID$", "WITHOUT ROWID");
        answer = withWordReplaced(answer, "BIGINT", "INT");
        if (beginsWith(answer, "CREATE TABLE"))
            answer
                = withoutTrailingSpace(std::move(answer)) + (isClustered ? ", STRICT" : " STRICT");
        return answer;
    }

    [[nodiscard]] std::vector<std::string> appendOnly(std::string_view table) const override
    {
        constexpr std::string_view reason = "rows are only added, never changed";
        return { refusal(table, "append_only", "UPDATE", "", reason),
                 refusal(table, "append_only", "DELETE", "", reason) };
    }

    [[nodiscard]] std::vector<std::string>
    frozenWhere(std::string_view table, std::string_view oldRowCondition) const override
    {
        constexpr std::string_view reason = "this row is frozen";
        const std::string suffix = "frozen_" + fingerprint(oldRowCondition);
        const std::string condition = fmt::format(" WHEN ({})", oldRowCondition);
        return { refusal(table, suffix, "UPDATE", condition, reason),
                 refusal(table, suffix, "DELETE", condition, reason) };
    }

    [[nodiscard]] std::string_view skipLocked() const override { return ""; }

    [[nodiscard]] std::string lockTable(std::string_view /*table*/) const override { return {}; }

    [[nodiscard]] std::string_view tableExists() const override
    {
        return "SELECT COUNT(*) FROM sqlite_schema WHERE type = 'table' AND name = $1";
    }
};

} // namespace

const Dialect& dialect()
{
    static const SqliteDialect instance;
    return instance;
}

} // namespace quittance::database::sqlite
