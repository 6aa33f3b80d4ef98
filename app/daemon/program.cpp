#include "app/daemon/program.h"

#include "backend/accounts/accounts.h"
#include "backend/migrations.h"
#include "core/contract/codec.h"

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <system_error>

namespace quittance::daemon {

namespace {

namespace fs = std::filesystem;

fs::path programFolder()
{
    std::error_code ignored;
    const fs::path program = fs::read_symlink("/proc/self/exe", ignored);
    return program.parent_path();
}

Result<std::unique_ptr<Clock>> makeClock(const std::string& sandboxClock)
{
    if (sandboxClock.empty())
        return std::unique_ptr<Clock>(std::make_unique<SystemClock>());
    QUITTANCE_TRY(const Instant start, parseInstant(sandboxClock));
    return std::unique_ptr<Clock>(std::make_unique<SandboxClock>(start));
}

Result<formats::Brand> readBrandOf(const fs::path& file)
{
    Result<formats::Brand> brand = formats::readBrand(file);
    if (!brand && brand.error().detail.find(file.string()) == std::string::npos)
        return failure(
            brand.error().code, fmt::format("{}: {}", file.string(), brand.error().detail)
        );
    return brand;
}

} // namespace

fs::path resourceFolder()
{
    if (const char* folder = std::getenv("QUITTANCE_RESOURCES"))
        return folder;
    fs::path installed = programFolder().parent_path() / "share" / "quittance";
    std::error_code ignored;
    return fs::exists(installed, ignored) ? installed : fs::path(QUITTANCE_SOURCE_RESOURCES);
}

Result<std::unique_ptr<Session>> Session::open(const Configuration& configuration, Schema schema)
{
    std::unique_ptr<Session> session(new Session());
    QUITTANCE_TRY(session->m_clock, makeClock(configuration.sandboxClock));
    const fs::path brand = configuration.brandFile.empty()
        ? resourceFolder() / "brand" / "northlake.json"
        : fs::path(configuration.brandFile);
    QUITTANCE_TRY(session->m_brand, readBrandOf(brand));
    QUITTANCE_TRY(session->m_database, database::Database::open(configuration.database));
    if (schema == Schema::Required)
        QUITTANCE_CHECK(
            database::requireCurrentSchema(*session->m_database, backend::backendMigrations())
        );
    session->m_context.emplace(backend::Context { *session->m_database, *session->m_clock,
                                                  session->m_random });
    return session;
}

backend::Actor Session::actor()
{
    backend::Actor actor;
    actor.kind = backend::Actor::Kind::CommandLine;
    return actor;
}

std::vector<backend::LegalEntity> legalEntities(const formats::Brand& brand)
{
    std::vector<backend::LegalEntity> entities;
    entities.reserve(brand.entities.size());
    for (const formats::BrandEntity& entity : brand.entities) {
        backend::LegalEntity stored;
        stored.code = entity.code;
        stored.party = entity.party;
        for (const std::string& line : entity.bankLines)
            stored.bankDetails += (stored.bankDetails.empty() ? "" : "\n") + line;
        stored.series = entity.series;
        stored.taxCurrency = entity.taxCurrency;
        stored.tax = entity.tax;
        stored.taxNote = entity.taxNote;
        stored.taxRounding = entity.taxRounding;
        entities.push_back(std::move(stored));
    }
    return entities;
}

Result<> Session::ensureBrandEntities() const
{
    return backend::ensureLegalEntities(context(), actor(), legalEntities(m_brand));
}

void printJson(const boost::json::value& value)
{
    fmt::print("{}\n", boost::json::serialize(value));
}

Result<std::string> readFile(const fs::path& file)
{
    std::ifstream stream(file, std::ios::binary);
    if (!stream)
        return failure(ErrorCode::NotFound, fmt::format("cannot read {}", file.string()));
    return std::string(std::istreambuf_iterator<char>(stream), {});
}

Result<> writeFile(const fs::path& file, std::string_view bytes)
{
    const fs::path half = file.string() + ".part";
    {
        std::ofstream stream(half, std::ios::binary | std::ios::trunc);
        stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        stream.flush();
        if (!stream) {
            std::error_code ignored;
            fs::remove(half, ignored);
            return failure(ErrorCode::StorageFull, fmt::format("cannot write {}", file.string()));
        }
    }
    std::error_code error;
    fs::rename(half, file, error);
    if (error)
        return failure(
            ErrorCode::InvalidArgument,
            fmt::format("cannot write {}: {}", file.string(), error.message())
        );
    return {};
}

boost::json::value moneyJson(const Money& money)
{
    return contract::toJson(money);
}

} // namespace quittance::daemon
