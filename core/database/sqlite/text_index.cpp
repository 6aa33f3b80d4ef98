#include "core/database/sqlite/text_index.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace quittance::database::sqlite {

namespace {

constexpr std::size_t trigramCharacters = 3;

std::string prefixed(const std::vector<std::string>& columns, std::string_view prefix)
{
    std::string list;
    for (const std::string& column : columns)
        list += fmt::format(", {}{}", prefix, column);
    return list;
}

// An external-content index forgets a row when it is told the text that it had.
std::string forget(const TextIndex& index)
{
    return fmt::format(
        "INSERT INTO {0} ({0}, rowid{1}) VALUES ('delete', OLD.{2}{3});", index.name(),
        prefixed(index.columns, ""), index.key, prefixed(index.columns, "OLD.")
    );
}

std::string learn(const TextIndex& index)
{
    return fmt::format(
        "INSERT INTO {0} (rowid{1}) VALUES (NEW.{2}{3});", index.name(),
        prefixed(index.columns, ""), index.key, prefixed(index.columns, "NEW.")
    );
}

std::string trigger(
    const TextIndex& index, std::string_view name, std::string_view event, std::string_view body
)
{
    return fmt::format(
        "CREATE TRIGGER {}_{} AFTER {} ON {} FOR EACH ROW BEGIN {} END", index.name(), name, event,
        index.table, body
    );
}

std::vector<std::string> creation(const TextIndex& index)
{
    const std::string changed
        = fmt::format("UPDATE OF {}, {}", index.key, fmt::join(index.columns, ", "));
    return {
        fmt::format(
            "CREATE VIRTUAL TABLE {} USING fts5({}, content='{}', content_rowid='{}', "
            "tokenize='trigram')",
            index.name(), fmt::join(index.columns, ", "), index.table, index.key
        ),
        trigger(index, "insert", "INSERT", learn(index)),
        trigger(index, "delete", "DELETE", forget(index)),
        trigger(index, "update", changed, forget(index) + learn(index)),
    };
}

std::size_t characterCount(std::string_view text)
{
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    }));
}

std::vector<std::string_view> split(std::string_view words)
{
    constexpr std::string_view space = " \t\r\n\f\v";
    std::vector<std::string_view> answer;
    for (std::size_t begin = words.find_first_not_of(space); begin != std::string_view::npos;) {
        const std::size_t end = std::min(words.find_first_of(space, begin), words.size());
        answer.push_back(words.substr(begin, end - begin));
        begin = words.find_first_not_of(space, end);
    }
    return answer;
}

std::string phrase(std::string_view word)
{
    std::string quoted = "\"";
    for (const char c : word)
        quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + '"';
}

std::string likePattern(std::string_view word)
{
    std::string pattern = "%";
    for (const char c : word) {
        if (c == '%' || c == '_' || c == '\\')
            pattern += '\\';
        pattern += c;
    }
    return pattern + '%';
}

std::string likeCondition(const TextIndex& index, std::size_t parameter)
{
    std::string condition;
    for (const std::string& column : index.columns)
        condition += fmt::format(
            "{}{}.{} LIKE ${} ESCAPE '\\'", condition.empty() ? "" : " OR ", index.table, column,
            parameter
        );
    return '(' + condition + ')';
}

} // namespace

Result<> createTextIndex(Transaction& tx, const TextIndex& index)
{
    for (const std::string& statement : creation(index))
        QUITTANCE_CHECK(tx.execute(statement));
    return rebuildTextIndex(tx, index);
}

Result<> dropTextIndex(Transaction& tx, const TextIndex& index)
{
    for (const std::string_view event : { "insert", "delete", "update" })
        QUITTANCE_CHECK(tx.execute(fmt::format("DROP TRIGGER IF EXISTS {}_{}", index.name(), event))
        );
    QUITTANCE_CHECK(tx.execute(fmt::format("DROP TABLE IF EXISTS {}", index.name())));
    return {};
}

Result<> rebuildTextIndex(Transaction& tx, const TextIndex& index)
{
    QUITTANCE_CHECK(tx.execute(fmt::format("INSERT INTO {0} ({0}) VALUES ('rebuild')", index.name())
    ));
    return {};
}

TextMatch matchText(const TextIndex& index, std::string_view words, std::size_t firstParameter)
{
    std::string phrases;
    std::vector<std::string> conditions;
    TextMatch match;
    for (const std::string_view word : split(words)) {
        if (characterCount(word) >= trigramCharacters) {
            phrases += (phrases.empty() ? "" : " AND ") + phrase(word);
            continue;
        }
        conditions.push_back(likeCondition(index, firstParameter + match.arguments.size()));
        match.arguments.emplace_back(likePattern(word));
    }
    if (!phrases.empty()) {
        conditions.push_back(fmt::format(
            "{0}.{1} IN (SELECT rowid FROM {2} WHERE {2} MATCH ${3})", index.table, index.key,
            index.name(), firstParameter + match.arguments.size()
        ));
        match.arguments.emplace_back(std::move(phrases));
    }
    match.condition
        = conditions.empty() ? "1 = 1" : fmt::format("{}", fmt::join(conditions, " AND "));
    return match;
}

} // namespace quittance::database::sqlite
