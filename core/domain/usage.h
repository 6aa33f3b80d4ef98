#pragma once

#include "core/domain/decimal.h"
#include "core/domain/time.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace quittance {

using AccountId = std::int64_t;

/// What is measured and in which unit. A quantity is an int64 in 10^-digits of the unit:
/// gpu-seconds with 6 digits counts microseconds of one GPU.
struct Meter {
    std::string name; ///< "gpu-seconds": lower case, digits, dashes
    std::string unit; ///< "GPU-s", as people read it
    int digits = 0; ///< 0 to 9

    bool operator==(const Meter&) const = default;
};

/// One measured use. Identity is (account, source, id); the same again is ignored and counted, the
/// same identity with other content is refused. `start` == `end` is a use at a point in time, which
/// belongs to the period holding `start`.
struct UsageEvent {
    AccountId account = 0;
    std::string source; ///< who measured: "alibaba-gpu-pods"
    std::string id; ///< unique within (account, source), at most 200 bytes
    std::string meter; ///< Meter::name
    std::string sku; ///< what is sold: "gpu-pod-a10", "" where the meter alone says it
    std::string resource; ///< the pod, bucket, endpoint; "" where none is named
    std::string project; ///< the customer's own grouping; "" where none
    Instant start;
    Instant end; ///< never before start
    std::int64_t quantity
        = 0; ///< in 10^-digits of the meter's unit; negative only for a correction

    bool operator==(const UsageEvent&) const = default;
};

/// The share of the event's quantity that falls into `window`, for quantities that grow evenly from
/// start to end. Cumulative and rounded down, so that windows that tile the event sum to its
/// quantity exactly, however it is cut.
[[nodiscard]] std::int64_t
quantityWithin(Instant start, Instant end, std::int64_t quantity, Interval window);

/// A day of use, summed: what rating reads. Days are the account's own.
struct UsageRow {
    Date day;
    std::string meter;
    std::string sku;
    std::string project;
    std::string resource;
    std::int64_t quantity = 0;
    std::int64_t events = 0; ///< how many events touch this day

    bool operator==(const UsageRow&) const = default;
};

} // namespace quittance
