#include "app/daemon/program.h"

#include "backend/accounts/accounts.h"
#include "backend/journal/installation.h"
#include "backend/migrations.h"
#include "core/contract/codec.h"
#include "core/formats/output_path.h"

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
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

/// Beside a real provider money moves: a clock that stands where somebody put it would date it.
Result<std::unique_ptr<Clock>> makeClock(const Configuration& configuration)
{
    if (configuration.sandboxClock.empty())
        return std::unique_ptr<Clock>(std::make_unique<SystemClock>());
    if (configuration.paymentProvider == "live")
        return failure(
            ErrorCode::InvalidArgument, "--sandbox-clock is refused beside a live payment provider"
        );
    QUITTANCE_TRY(const Instant start, parseInstant(configuration.sandboxClock));
    return std::unique_ptr<Clock>(std::make_unique<SandboxClock>(start));
}

/// Names the file where the error does not.
template <class T> Result<T> inFile(Result<T> read, const fs::path& file)
{
    if (!read && read.error().detail.find(file.string()) == std::string::npos)
        return failure(
            read.error().code, fmt::format("{}: {}", file.string(), read.error().detail)
        );
    return read;
}

Result<std::unique_ptr<database::Database>>
openDatabase(const Configuration& configuration, Session::Schema schema)
{
    database::Options options;
    options.createIfMissing = schema == Session::Schema::Migrate;
    auto opened = database::Database::open(configuration.database, options);
    if (!opened && opened.error().code == ErrorCode::NotFound && !options.createIfMissing)
        return failure(
            ErrorCode::NotFound, fmt::format("{}: run migrate to make one", opened.error().detail)
        );
    return opened;
}

/// A brand that lacks a company which bills here is another cloud's.
Result<> checkCompanies(database::Database& database, const formats::Brand& brand)
{
    QUITTANCE_TRY(const auto stored, database.read(backend::listLegalEntities));
    for (const backend::LegalEntity& entity : stored) {
        if (std::ranges::find(brand.entities, entity.code, &formats::BrandEntity::code)
            == brand.entities.end())
            return failure(
                ErrorCode::InvalidArgument,
                fmt::format(
                    "the brand \"{}\" lacks the company \"{}\", which bills in this database: give "
                    "its own with --brand",
                    brand.name, entity.code
                )
            );
    }
    return {};
}

Result<> cannotWrite(std::string_view file, const std::error_code& error)
{
    const bool isFull = error == std::errc::no_space_on_device;
    return failure(
        isFull ? ErrorCode::StorageFull : ErrorCode::Unavailable,
        fmt::format("cannot write {}: {}", file, error.message())
    );
}

Result<> writeStandardOutput(std::string_view bytes)
{
    std::fwrite(bytes.data(), 1, bytes.size(), stdout); // the flush tells whether it was
    return flushStandardOutput();
}

} // namespace

fs::path resourceFolder()
{
    // Nothing in this program changes the environment.
    if (const char* folder = std::getenv("QUITTANCE_RESOURCES")) // NOLINT(concurrency-mt-unsafe)
        return folder;
    fs::path installed = programFolder().parent_path() / "share" / "quittance";
    std::error_code ignored;
    return fs::exists(installed, ignored) ? installed : fs::path(QUITTANCE_SOURCE_RESOURCES);
}

Result<std::unique_ptr<Session>> Session::open(const Configuration& configuration, Schema schema)
{
    std::unique_ptr<Session> session(new Session());
    QUITTANCE_TRY(session->m_clock, makeClock(configuration));
    if (!configuration.brandFile.empty()) // before a database is made
        QUITTANCE_CHECK(inFile(formats::readBrand(configuration.brandFile), configuration.brandFile)
        );
    QUITTANCE_TRY(session->m_database, openDatabase(configuration, schema));
    const auto& migrations = backend::backendMigrations();
    if (schema == Schema::Migrate) {
        QUITTANCE_CHECK(database::migrate(*session->m_database, migrations));
    } else {
        QUITTANCE_CHECK(database::requireCurrentSchema(*session->m_database, migrations));
    }
    QUITTANCE_CHECK(session->chooseBrand(configuration.brandFile));
    session->m_context.emplace(backend::Context { *session->m_database, *session->m_clock,
                                                  session->m_random });
    return session;
}

Result<> Session::chooseBrand(const std::string& brandFile)
{
    QUITTANCE_TRY(const auto bound, m_database->read(backend::installationBrand));
    fs::path file = brandFile;
    if (brandFile.empty() && bound) {
        m_brandFile = { bound->file, bound->logo };
        file = "the brand of this installation";
    } else {
        if (brandFile.empty())
            file = resourceFolder() / "brand" / "northlake.json";
        QUITTANCE_TRY(m_brandFile, inFile(formats::readBrandFile(file), file));
    }
    QUITTANCE_TRY(
        m_brand, inFile(formats::parseBrand(m_brandFile.json, m_brandFile.logoSvg), file)
    );
    return checkCompanies(*m_database, m_brand);
}

Result<> Session::bindBrand() const
{
    return backend::bindBrand(context(), actor(), { m_brandFile.json, m_brandFile.logoSvg });
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

Result<> flushStandardOutput()
{
    errno = 0;
    if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0)
        return {};
    return cannotWrite("standard output", std::error_code(errno, std::generic_category()));
}

Result<std::string> readFile(const fs::path& file)
{
    std::error_code ignored;
    if (fs::is_directory(file, ignored))
        return failure(ErrorCode::InvalidArgument, fmt::format("{} is a folder", file.string()));
    std::ifstream stream(file, std::ios::binary);
    if (!stream)
        return failure(ErrorCode::NotFound, fmt::format("cannot read {}", file.string()));
    return std::string(std::istreambuf_iterator<char>(stream), {});
}

Result<> writeFile(const fs::path& file, std::string_view bytes)
{
    if (file == "-")
        return writeStandardOutput(bytes);
    const formats::OutputPath path = formats::outputPath(file);
    std::error_code error;
    {
        errno = 0;
        std::ofstream stream(path.written, std::ios::binary | std::ios::trunc);
        stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        stream.flush();
        if (!stream) {
            error = std::error_code(errno, std::generic_category());
            std::error_code ignored;
            if (path.isBeside())
                fs::remove(path.written, ignored);
            return cannotWrite(file.string(), error);
        }
    }
    if (path.isBeside())
        fs::rename(path.written, path.target, error);
    return error ? cannotWrite(file.string(), error) : Result<>();
}

boost::json::value moneyJson(const Money& money)
{
    return contract::toJson(money);
}

} // namespace quittance::daemon
