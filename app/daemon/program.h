#pragma once

#include "backend/accounts/accounts.h"
#include "backend/journal/context.h"
#include "backend/journal/secure.h"
#include "core/database/database.h"
#include "core/domain/random.h"
#include "core/domain/result.h"
#include "core/domain/time.h"
#include "core/formats/brand.h"

#include <boost/json/value.hpp>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What every command of quittanced needs, made from the global options.
namespace quittance::daemon {

struct Configuration {
    std::string database = "sqlite:quittance.db";
    std::string brandFile; ///< "" for the installation's own, or the shipped one for a new one
    std::string sandboxClock; ///< an instant; "" for the system's clock
    std::string paymentProvider = "none"; ///< none, sandbox or live
};

/// The folder of mappings, prices and brands: QUITTANCE_RESOURCES, ../share/quittance beside the
/// program, or the source tree that it was built from; the first that exists.
[[nodiscard]] std::filesystem::path resourceFolder();

/// 0: done. 1: it went wrong, one line on standard error says what and where. 2: wrong use of the
/// command line. 3: done, but some rows or accounts were refused; they are named.
enum class Exit : std::uint8_t { Done = 0, Failed = 1, Usage = 2, PartlyRefused = 3 };

/// An opened database with clock, chance and brand. Lives as long as the command.
class Session {
public:
    /// Required: the database must be there with the current schema. Migrate: it is made where it
    /// is absent, and brought to the current schema.
    enum class Schema : std::uint8_t { Required, Migrate };
    [[nodiscard]] static Result<std::unique_ptr<Session>>
    open(const Configuration& configuration, Schema schema);

    [[nodiscard]] const backend::Context& context() const { return *m_context; }
    [[nodiscard]] database::Database& database() const { return *m_database; }
    [[nodiscard]] const formats::Brand& brand() const { return m_brand; }
    [[nodiscard]] static backend::Actor actor();

    /// From now on this installation's own: later commands need no --brand.
    Result<> bindBrand() const;
    /// The companies of the brand file, stored so that accounts and bills can name them.
    Result<> ensureBrandEntities() const;

private:
    Session() = default;
    Result<> chooseBrand(const std::string& brandFile);

    std::unique_ptr<database::Database> m_database;
    std::unique_ptr<Clock> m_clock;
    backend::SystemRandom m_random;
    formats::BrandFile m_brandFile;
    formats::Brand m_brand;
    std::optional<backend::Context> m_context;
};

[[nodiscard]] std::vector<backend::LegalEntity> legalEntities(const formats::Brand& brand);

/// One document of JSON and a line end on standard output.
void printJson(const boost::json::value& value);
/// Hands over what was printed; an error where not all of it arrived.
[[nodiscard]] Result<> flushStandardOutput();
[[nodiscard]] Result<std::string> readFile(const std::filesystem::path& file);
/// Whole or not at all where it is a regular file; "-" is standard output.
[[nodiscard]] Result<> writeFile(const std::filesystem::path& file, std::string_view bytes);
/// {"amount": "12.34", "currency": "USD"}
[[nodiscard]] boost::json::value moneyJson(const Money& money);

} // namespace quittance::daemon
