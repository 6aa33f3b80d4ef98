#pragma once

#include "core/domain/rating/rating.h"

#include <boost/multiprecision/cpp_int.hpp>

#include <cstdint>
#include <string>
#include <vector>

/// The rules of rating written a second time: slow and obvious, day by day, in fractions of any
/// size, with no code of the engine but its input structures.
namespace quittance::testing {

using Whole = boost::multiprecision::cpp_int;
using Fraction = boost::multiprecision::cpp_rational;

struct OracleLine {
    std::string service;
    std::string name;
    std::string sku;
    std::string meter;
    std::int32_t version = 0;
    std::int32_t firstDay = 0; ///< days since 1970
    std::int32_t endDay = 0;
    Whole quantity = 0;
    Fraction exact; ///< in minor units
    Whole amountMinor = 0;

    bool operator==(const OracleLine&) const = default;
};

/// For plans and use without mistakes; days are those of UTC. In the order of a bill.
[[nodiscard]] std::vector<OracleLine> oracleLines(const RatingInput& input);

[[nodiscard]] Whole roundedHalfEven(const Fraction& amount);

} // namespace quittance::testing
