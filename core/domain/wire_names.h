#pragma once

#include "core/domain/result.h"

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <string_view>

/// Enumerations and the names that files and the wire have for them, for source files of the
/// domain.
namespace quittance {

template <class Value> struct Named {
    Value value;
    std::string_view name;
};
// clang 14 cannot yet deduce the arguments of an aggregate by itself.
template <class Value> Named(Value, std::string_view) -> Named<Value>;

/// "" for a value that the table does not have.
template <class Value, std::size_t count>
std::string_view nameIn(const std::array<Named<Value>, count>& table, Value value)
{
    for (const auto& entry : table) {
        if (entry.value == value)
            return entry.name;
    }
    return {};
}

/// InvalidArgument: "'x' is not a WHAT".
template <class Value, std::size_t count>
Result<Value>
valueIn(const std::array<Named<Value>, count>& table, std::string_view name, std::string_view what)
{
    for (const auto& entry : table) {
        if (entry.name == name)
            return entry.value;
    }
    return failure(ErrorCode::InvalidArgument, fmt::format("'{}' is not a {}", name, what));
}

} // namespace quittance
