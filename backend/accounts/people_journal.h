#pragma once

#include "backend/accounts/people.h"
#include "backend/journal/journal.h"

#include <string_view>

namespace quittance::backend {

/// An entry about a person; e-mail and name are personal data, and left out of `personal` where
/// empty.
[[nodiscard]] JournalDraft personDraft(
    std::string_view kind, PersonId person, const std::string& email, const std::string& name
);
/// [{"role":"customer","account":7},{"role":"finance","account":null}]
[[nodiscard]] std::string grantsText(const std::vector<Grant>& grants);

/// What a secret looks like: `prefix`, then 32 random bytes as base64url.
[[nodiscard]] std::string newSecret(Random& random, std::string_view prefix);

} // namespace quittance::backend
