#include "core/contract/scopes.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <vector>

namespace quittance::contract {

namespace {

std::vector<std::string_view> splitAtColons(std::string_view text)
{
    std::vector<std::string_view> parts;
    while (true) {
        const std::size_t colon = text.find(':');
        parts.push_back(text.substr(0, colon));
        if (colon == std::string_view::npos)
            return parts;
        text.remove_prefix(colon + 1);
    }
}

template <class Number> bool readNumber(std::string_view text, Number& out)
{
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    return error == std::errc() && end == text.data() + text.size() && out > 0;
}

} // namespace

std::string toText(const Scope& scope)
{
    switch (scope.kind) {
    case Scope::Kind::Accounts:
        return "accounts";
    case Scope::Kind::People:
        return "people";
    case Scope::Kind::Bills:
        return fmt::format("bills:{}", scope.account.value_or(0));
    case Scope::Kind::LineEvents:
        return fmt::format("events:{}:{}:{}", scope.account.value_or(0), scope.bill, scope.line);
    case Scope::Kind::History:
        return fmt::format("history:{}", scope.account.value_or(0));
    case Scope::Kind::LegalEntities:
        return "legal-entities";
    }
    return {};
}

Result<Scope> parseScope(std::string_view text)
{
    const std::vector<std::string_view> parts = splitAtColons(text);
    Scope scope;
    AccountId account = 0;
    if (parts.size() == 1 && parts[0] == "accounts")
        return scope;
    if (parts.size() == 1 && parts[0] == "people") {
        scope.kind = Scope::Kind::People;
        return scope;
    }
    if (parts.size() == 1 && parts[0] == "legal-entities") {
        scope.kind = Scope::Kind::LegalEntities;
        return scope;
    }
    if (parts.size() == 2 && (parts[0] == "bills" || parts[0] == "history")
        && readNumber(parts[1], account)) {
        scope.kind = parts[0] == "bills" ? Scope::Kind::Bills : Scope::Kind::History;
        scope.account = account;
        return scope;
    }
    if (parts.size() == 4 && parts[0] == "events" && readNumber(parts[1], account)
        && readNumber(parts[2], scope.bill) && readNumber(parts[3], scope.line)) {
        scope.kind = Scope::Kind::LineEvents;
        scope.account = account;
        return scope;
    }
    return failure(ErrorCode::NotFound, fmt::format("there is no scope \"{}\"", text));
}

Permission neededPermission(const Scope& scope)
{
    switch (scope.kind) {
    case Scope::Kind::Accounts:
    case Scope::Kind::History:
        return Permission::ProfileRead;
    case Scope::Kind::LegalEntities:
        return Permission::TermsEdit;
    case Scope::Kind::People:
        return Permission::PeopleRead;
    case Scope::Kind::Bills:
        return Permission::BillsRead;
    case Scope::Kind::LineEvents:
        return Permission::UsageRead;
    }
    return Permission::PeopleRead;
}

std::int64_t diskBudgetBytes(Scope::Kind kind)
{
    constexpr std::int64_t mebibyte = 1 << 20;
    switch (kind) {
    case Scope::Kind::Accounts:
    case Scope::Kind::People:
    case Scope::Kind::History:
    case Scope::Kind::LegalEntities:
        return 64 * mebibyte;
    case Scope::Kind::Bills:
        return 1024 * mebibyte;
    case Scope::Kind::LineEvents:
        return 256 * mebibyte;
    }
    return 0;
}

} // namespace quittance::contract
