#include "backend/journal/installation.h"

#include "backend/journal/journal.h"

#include <fmt/format.h>

#include <array>

namespace quittance::backend {

namespace {

constexpr std::size_t idBytes = 16;

std::string newId(Random& random)
{
    std::array<std::byte, idBytes> bytes {};
    random.fill(bytes);
    std::string text;
    for (const std::byte byte : bytes)
        text += fmt::format("{:02x}", std::to_integer<unsigned>(byte));
    return text;
}

Result<std::optional<std::string>> stored(database::Transaction& tx)
{
    return tx.queryFirst<std::string>(
        "SELECT id FROM installation", {}, [](const database::Row& row) { return row.string(0); }
    );
}

} // namespace

Result<std::string> installationId(const Context& context)
{
    QUITTANCE_TRY(const std::optional<std::string> known, context.database.read(stored));
    if (known)
        return *known;
    const std::string made = newId(context.random);
    return context.database.write([&](database::Transaction& tx) -> Result<std::string> {
        QUITTANCE_CHECK(tx.execute(
            "INSERT INTO installation (only_row, id) VALUES (1, $1) ON CONFLICT (only_row) DO "
            "NOTHING",
            { made }
        ));
        QUITTANCE_TRY(const std::optional<std::string> id, stored(tx));
        return id.value_or(made);
    });
}

Result<std::optional<InstallationBrand>> installationBrand(database::Transaction& tx)
{
    return tx.queryFirst<InstallationBrand>(
        "SELECT file, logo FROM installation_brand", {},
        [](const database::Row& row) {
            return InstallationBrand { row.string(0), row.string(1) };
        }
    );
}

Result<> bindBrand(const Context& context, const Actor& actor, const InstallationBrand& brand)
{
    return context.database.write([&](database::Transaction& tx) -> Result<> {
        QUITTANCE_TRY(const auto bound, installationBrand(tx));
        if (bound == brand)
            return {};
        QUITTANCE_CHECK(tx.execute(
            "INSERT INTO installation_brand (only_row, file, logo) VALUES (1, $1, $2)"
            " ON CONFLICT (only_row) DO UPDATE SET file = excluded.file, logo = excluded.logo",
            { brand.file, brand.logo }
        ));
        JournalDraft draft;
        draft.kind = "brand.bound";
        draft.subjectType = "brand";
        draft.before = bound ? bound->file : "";
        draft.after = brand.file;
        return appendJournal(tx, context, actor, draft);
    });
}

database::Migration installationBrandMigration(int number)
{
    return { number, "installation brand", [](database::Transaction& tx) {
                return database::runScript(
                    tx,
                    "CREATE TABLE installation_brand (only_row BIGINT NOT NULL PRIMARY KEY "
                    "CHECK (only_row = 1), file TEXT NOT NULL, logo TEXT NOT NULL)"
                );
            } };
}

database::Migration installationMigration(int number)
{
    return { number, "installation", [](database::Transaction& tx) {
                return database::runScript(
                    tx,
                    "CREATE TABLE installation (only_row BIGINT NOT NULL PRIMARY KEY "
                    "CHECK (only_row = 1), id TEXT NOT NULL)"
                );
            } };
}

} // namespace quittance::backend
