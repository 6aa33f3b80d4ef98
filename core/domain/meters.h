#pragma once

#include "core/domain/usage.h"

#include <span>
#include <string_view>

namespace quittance {

/// The meters that every installation has: gpu-seconds, node-seconds, input-tokens, output-tokens,
/// cached-input-tokens, calls, mib-seconds. Others are declared by the mapping that brings them.
[[nodiscard]] std::span<const Meter> standardMeters();
/// nullptr for a name that is no standard meter.
[[nodiscard]] const Meter* findStandardMeter(std::string_view name);

} // namespace quittance
