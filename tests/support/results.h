#pragma once

#include "core/domain/result.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>

namespace quittance::testing {

/// The value, or the end of the test case with the error's text.
template <class T> [[nodiscard]] T valueOf(Result<T> result)
{
    REQUIRE_MESSAGE(result.has_value(), std::string(result ? "" : result.error().detail));
    return std::move(*result);
}

/// "ok", or the wire name of the error.
template <class T> [[nodiscard]] std::string outcomeOf(const Result<T>& result)
{
    return result.has_value() ? "ok" : std::string(wireName(result.error().code));
}

/// "", or the error's line for people.
template <class T> [[nodiscard]] std::string detailOf(const Result<T>& result)
{
    return result.has_value() ? "" : result.error().detail;
}

} // namespace quittance::testing
