#pragma once

#include "core/domain/result.h"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace quittance::formats {

/// Reads a closed JSON file: every key is asked for by name, and close() refuses what nobody asked
/// for, so a misspelt key is found instead of ignored. The first problem wins and every later
/// question gives a default; it is looked at once, with error(). Places are named as
/// "measures[1].quantity.column".
class JsonObject {
public:
    /// The top of a file. MalformedInput with line and column where `text` is not one JSON object.
    [[nodiscard]] static Result<JsonObject> parse(std::string_view text, std::string_view what);

    [[nodiscard]] bool has(std::string_view key) const;
    [[nodiscard]] std::string text(std::string_view key); ///< needed
    [[nodiscard]] std::string text(std::string_view key, std::string_view otherwise);
    [[nodiscard]] std::string wantedText(std::string_view key); ///< needed and not empty
    [[nodiscard]] bool flag(std::string_view key, bool otherwise);
    [[nodiscard]] std::int64_t
    integer(std::string_view key, std::int64_t lowest, std::int64_t highest);
    /// A decimal as text: a JSON text, or a whole JSON number. A JSON number with a fraction is
    /// refused, because programs read it as a binary fraction that is not exact.
    [[nodiscard]] std::string decimal(std::string_view key);
    [[nodiscard]] std::vector<std::string> texts(std::string_view key); ///< empty where absent
    [[nodiscard]] std::optional<JsonObject> object(std::string_view key);
    [[nodiscard]] std::vector<JsonObject> objects(std::string_view key); ///< empty where absent
    [[nodiscard]] std::vector<std::string> keys(); ///< all of them, counted as asked for

    [[nodiscard]] const std::string& path() const { return m_path; }
    [[nodiscard]] std::string pathOf(std::string_view key) const;
    void refuse(std::string_view key, std::string_view why);
    /// Refuses keys that were not asked for.
    void close();
    [[nodiscard]] Result<> error() const;
    [[nodiscard]] bool isGood() const { return !m_shared->error; }

private:
    struct Shared {
        boost::json::value document;
        std::string what;
        std::optional<Error> error;
    };
    JsonObject(std::shared_ptr<Shared> shared, const boost::json::object& object, std::string path);
    [[nodiscard]] const boost::json::value* find(std::string_view key);
    [[nodiscard]] const boost::json::value* need(std::string_view key);

    std::shared_ptr<Shared> m_shared;
    const boost::json::object* m_object;
    std::string m_path;
    std::set<std::string, std::less<>> m_asked;
};

} // namespace quittance::formats
