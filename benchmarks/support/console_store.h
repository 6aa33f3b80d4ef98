#pragma once

#include <cstdint>
#include <string>

namespace quittance::bench {

/// The console's own database, filled as sync fills it: item by item through the contract's codec,
/// staged, then put in place.
struct ConsoleStore {
    int accounts = 0;
    int monthsPerAccount = 0; ///< one issued bill each, the last one in `lastMonth`
    int resources = 1; ///< of an account, each with a cost a day
    int daysPerMonth = 1; ///< days with costs
    std::string lastMonth = "2026-10";
};

/// How many seconds the store itself took for it.
double fillConsoleStore(const std::string& file, const ConsoleStore& wanted);

} // namespace quittance::bench
