#pragma once

#include "core/contract/codec.h"
#include "core/domain/json_keys.h"

#include <string_view>

namespace quittance::contract {

/// Like fromText, for what comes from outside: no key may be there twice.
template <class T> [[nodiscard]] Result<T> fromRequest(std::string_view text)
{
    QUITTANCE_CHECK(checkJsonKeysOnce(text));
    return fromText<T>(text);
}

} // namespace quittance::contract
