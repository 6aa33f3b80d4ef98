#pragma once

#include "backend/journal/context.h"
#include "core/database/migration.h"

#include <optional>
#include <string>

namespace quittance::backend {

/// Tells this database from any other: 128 bits of chance in hexadecimal, made once. A console
/// whose store names another installation starts anew instead of mixing the two.
Result<std::string> installationId(const Context& context);

/// The brand that an installation was made for, as bytes: its brand file (JSON) and logo (SVG). So
/// that no later command bills in the name of another cloud.
struct InstallationBrand {
    std::string file;
    std::string logo;

    bool operator==(const InstallationBrand&) const = default;
};
/// Nothing while none is bound.
Result<std::optional<InstallationBrand>> installationBrand(database::Transaction& tx);
/// Journalled as "brand.bound" where it differs from the one that is bound.
Result<> bindBrand(const Context& context, const Actor& actor, const InstallationBrand& brand);

/// Table: installation_brand(only_row PRIMARY KEY CHECK (only_row = 1), file, logo).
[[nodiscard]] database::Migration installationBrandMigration(int number);

/// Table: installation(only_row PRIMARY KEY CHECK (only_row = 1), id).
[[nodiscard]] database::Migration installationMigration(int number);

} // namespace quittance::backend
