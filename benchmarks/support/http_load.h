#pragma once

#include <string>

namespace quittance::bench {

/// What a load of equal requests met.
struct LoadResult {
    double requestsPerSecond = 0;
    std::string body; ///< of one answer; all had this length
};

/// Asks for `path` over kept connections to 127.0.0.1, each with one request at a time, for so
/// many seconds. An answer that is not 200, or of another length, ends the benchmark.
struct Load {
    int port = 0;
    std::string path;
    std::string authorization; ///< the header's value; "" for none
    int connections = 4;
    double seconds = 1;
};
[[nodiscard]] LoadResult runLoad(const Load& load);

} // namespace quittance::bench
