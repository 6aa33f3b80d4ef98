#include "core/domain/meters.h"

#include <algorithm>
#include <array>

namespace quittance {

std::span<const Meter> standardMeters()
{
    // Compute is cut to microseconds; what is counted has no fraction.
    static const std::array meters {
        Meter { "gpu-seconds", "GPU-s", 6 },          Meter { "node-seconds", "node-s", 6 },
        Meter { "input-tokens", "tokens", 0 },        Meter { "output-tokens", "tokens", 0 },
        Meter { "cached-input-tokens", "tokens", 0 }, Meter { "calls", "calls", 0 },
        Meter { "mib-seconds", "MiB-s", 0 },
    };
    return meters;
}

const Meter* findStandardMeter(std::string_view name)
{
    const auto meters = standardMeters();
    const auto found = std::ranges::find(meters, name, &Meter::name);
    return found == meters.end() ? nullptr : &*found;
}

} // namespace quittance
