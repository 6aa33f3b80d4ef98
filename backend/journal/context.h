#pragma once

#include "core/database/database.h"
#include "core/domain/random.h"
#include "core/domain/time.h"

#include <cstdint>
#include <optional>
#include <string>

namespace quittance::backend {

/// What every use case stands on, made once by the program and handed in.
struct Context {
    database::Database& database;
    const Clock& clock;
    Random& random;
};

/// Who does it: written into every journal entry.
struct Actor {
    enum class Kind : std::uint8_t { System = 1, Person = 2, Token = 3, CommandLine = 4 };
    Kind kind = Kind::System;
    std::int64_t id = 0; ///< person or token; 0 for the others
    std::string address; ///< where from: the remote address; empty for System and CommandLine
    std::optional<std::int64_t> viewingAccount; ///< set while a person views as a customer

    bool operator==(const Actor&) const = default;
};

} // namespace quittance::backend
