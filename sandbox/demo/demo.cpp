#include "sandbox/demo/demo.h"

#include "backend/accounts/people.h"
#include "backend/billing/billing.h"
#include "backend/journal/journal.h"
#include "backend/pricing/pricing.h"
#include "backend/usage/usage.h"
#include "core/domain/meters.h"
#include "core/domain/random.h"
#include "core/formats/price_plan_file.h"
#include "sandbox/demo/demo_accounts.h"
#include "sandbox/demo/demo_usage.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <utility>

namespace quittance::sandbox {

namespace {

namespace fs = std::filesystem;
using backend::Context;

constexpr std::size_t eventsPerBatch = 10'000;
/// Bills of a month are issued on the second day of the next, when late metering is in everywhere.
constexpr std::int64_t issueDelayMicros = microsPerDay + 6 * 3600 * microsPerSecond;

Result<std::string> readFile(const fs::path& file)
{
    std::ifstream stream(file, std::ios::binary);
    if (!stream)
        return failure(ErrorCode::NotFound, fmt::format("cannot read {}", file.string()));
    return std::string(std::istreambuf_iterator<char>(stream), {});
}

/// The brand's name as it stands in addresses: "northlake".
std::string shortName(const formats::Brand& brand)
{
    std::string name;
    for (const char letter : brand.name) {
        if (letter >= 'A' && letter <= 'Z')
            name += static_cast<char>(letter - 'A' + 'a');
        else if ((letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9'))
            name += letter;
    }
    return name.empty() ? "cloud" : name;
}

/// Long enough to be one, however short the brand is.
std::string demoPassword(const std::string& brand, std::uint64_t seed)
{
    constexpr std::size_t brandMin = 6;
    return fmt::format("{}{} demo {}", brand, brand.size() < brandMin ? " cloud" : "", seed);
}

struct Customer {
    DemoAccount account;
    AccountId id = 0;
    std::unique_ptr<DemoUsage> usage;
};

class DemoMaker {
public:
    DemoMaker(database::Database& database, const DemoOptions& options)
        : m_options(options)
        , m_random(options.seed)
        , m_clock(options.now)
        , m_context { database, m_clock, m_random }
    {
    }

    Result<DemoReport> make()
    {
        QUITTANCE_CHECK(requireEmpty());
        const Month present = monthOf(TimeZone::utc().dateAt(m_options.now));
        const Month first = next(present, 1 - m_options.months);
        m_clock.set(TimeZone::utc().startOf(firstDay(first)));
        QUITTANCE_CHECK(m_context.database.write([](database::Transaction& tx) {
            const std::span<const Meter> meters = standardMeters();
            return backend::ensureMeters(tx, { meters.begin(), meters.end() });
        }));
        QUITTANCE_CHECK(loadPlans());
        QUITTANCE_CHECK(backend::ensureLegalEntities(m_context, m_actor, m_options.entities));
        QUITTANCE_CHECK(addAccounts());
        QUITTANCE_CHECK(addPeople());
        for (int i = 0; i < m_options.months; ++i)
            QUITTANCE_CHECK(liveMonth(next(first, i), i));
        m_clock.set(m_options.now);
        QUITTANCE_CHECK(backend::sequenceJournal(m_context));
        return m_report;
    }

private:
    Result<> requireEmpty()
    {
        QUITTANCE_TRY(
            const std::vector<backend::AccountRecord> accounts,
            m_context.database.read(backend::listAccounts)
        );
        if (!accounts.empty())
            return failure(
                ErrorCode::Conflict,
                fmt::format(
                    "the database holds {} accounts: a demo needs an empty one", accounts.size()
                )
            );
        return {};
    }

    Result<> loadPlans()
    {
        std::vector<fs::path> files;
        std::error_code error;
        for (const fs::directory_entry& entry :
             fs::directory_iterator(m_options.priceFolder, error))
            files.push_back(entry.path());
        if (error)
            return failure(
                ErrorCode::NotFound, fmt::format("cannot read {}", m_options.priceFolder.string())
            );
        std::sort(files.begin(), files.end());
        for (const fs::path& file : files) {
            QUITTANCE_TRY(const std::string text, readFile(file));
            QUITTANCE_TRY(const PricePlan plan, formats::parsePricePlan(text));
            QUITTANCE_CHECK(backend::loadPlan(m_context, m_actor, plan));
        }
        return {};
    }

    Result<> addAccounts()
    {
        QUITTANCE_TRY(
            const std::vector<backend::LegalEntity> entities,
            m_context.database.read(backend::listLegalEntities)
        );
        std::map<std::string, backend::LegalEntityId> ids;
        for (const backend::LegalEntity& entity : entities)
            ids[entity.code] = entity.id;
        for (DemoAccount& account : demoAccounts(m_options.accounts)) {
            backend::BillingTerms terms;
            terms.paymentDays = account.paymentDays;
            // Another brand has other companies: its first one then bills everybody.
            const auto entity = ids.find(account.legalEntity);
            terms.legalEntity = entity == ids.end() ? entities.front().id : entity->second;
            account.account.terms = terms;
            m_customers.push_back({ std::move(account), 0, nullptr });
        }
        for (Customer& customer : m_customers) {
            QUITTANCE_TRY(
                customer.id, backend::addAccount(m_context, m_actor, customer.account.account)
            );
            QUITTANCE_TRY(TimeZone zone, TimeZone::find(customer.account.account.timeZone));
            customer.usage = std::make_unique<DemoUsage>(
                customer.account, customer.id, std::move(zone), m_random
            );
        }
        m_report.accounts = static_cast<std::int64_t>(m_customers.size());
        return {};
    }

    Result<>
    addPerson(const std::string& email, const std::string& name, const std::vector<Grant>& grants)
    {
        QUITTANCE_CHECK(backend::addPersonWithPassword(
            m_context, m_actor, email, name, grants, m_report.password
        ));
        return {};
    }

    /// Under "example", where nobody's mail arrives.
    [[nodiscard]] std::string staffEmail(std::string_view name) const
    {
        return fmt::format("{}@{}.example", name, shortName(m_options.brand));
    }

    Result<> addPeople()
    {
        m_report.password = demoPassword(shortName(m_options.brand), m_options.seed);
        m_report.adminEmail = staffEmail("jonas.okafor");
        QUITTANCE_CHECK(addPerson(
            m_report.adminEmail, "Jonas Okafor",
            { { Role::Admin, std::nullopt }, { Role::Finance, std::nullopt } }
        ));
        QUITTANCE_CHECK(addPerson(
            staffEmail("mara.lindqvist"), "Mara Lindqvist", { { Role::Finance, std::nullopt } }
        ));
        for (const Customer& customer : m_customers) {
            const std::string email = fmt::format("finance@{}", customer.account.domain);
            if (m_report.customerEmail.empty())
                m_report.customerEmail = email;
            QUITTANCE_CHECK(
                addPerson(email, customer.account.customer, { { Role::Customer, customer.id } })
            );
        }
        QUITTANCE_CHECK(backend::invitePerson(
            m_context, m_actor, staffEmail("theo.marchetti"), "Theo Marchetti",
            { { Role::Finance, std::nullopt } }
        ));
        return disableOne();
    }

    Result<> disableOne()
    {
        QUITTANCE_TRY(
            const backend::PersonId left,
            backend::addPersonWithPassword(
                m_context, m_actor, staffEmail("sofia.blum"), "Sofia Blum",
                { { Role::Finance, std::nullopt } }, m_report.password
            )
        );
        return backend::disablePerson(m_context, m_actor, left);
    }

    Result<> liveMonth(Month month, int number)
    {
        const Instant end = TimeZone::utc().startOf(firstDay(next(month)));
        const Instant issueTime { end.micros + issueDelayMicros };
        const bool isPast = issueTime <= m_options.now;
        m_clock.set(isPast ? issueTime : m_options.now);
        for (Customer& customer : m_customers)
            QUITTANCE_CHECK(addUsage(customer.usage->month(month, number, m_clock.now())));
        backend::BillRunOptions run;
        run.month = month;
        run.issue = isPast;
        QUITTANCE_TRY(
            const std::vector<backend::BillRunOutcome> outcomes,
            backend::runBills(m_context, m_actor, m_options.brand, run)
        );
        for (const backend::BillRunOutcome& outcome : outcomes) {
            if (outcome.error)
                return failure(*outcome.error);
            m_report.bills += outcome.bill == 0 ? 0 : 1;
        }
        return {};
    }

    Result<> addUsage(const std::vector<UsageEvent>& events)
    {
        for (std::size_t begin = 0; begin < events.size(); begin += eventsPerBatch) {
            const std::span batch
                = std::span(events).subspan(begin, std::min(eventsPerBatch, events.size() - begin));
            QUITTANCE_TRY(
                const backend::BatchReport report,
                m_context.database.write([&](database::Transaction& tx) {
                    return backend::addUsage(tx, m_context, batch);
                })
            );
            if (!report.refused.empty())
                return failure(report.refused.front().error);
            m_report.events += report.accepted;
        }
        return {};
    }

    const DemoOptions& m_options;
    SeededRandom m_random;
    SandboxClock m_clock;
    Context m_context;
    backend::Actor m_actor;
    std::vector<Customer> m_customers;
    DemoReport m_report;
};

} // namespace

Result<DemoReport> createDemo(database::Database& database, const DemoOptions& options)
{
    if (options.accounts < 1 || options.accounts > demoAccountsMax)
        return failure(
            ErrorCode::InvalidArgument,
            fmt::format("--accounts {}: 1 to {} are possible", options.accounts, demoAccountsMax)
        );
    if (options.months < 1 || options.months > demoMonthsMax)
        return failure(
            ErrorCode::InvalidArgument,
            fmt::format("--months {}: 1 to {} are possible", options.months, demoMonthsMax)
        );
    // Usage of before 1970 does not exist.
    if (next(monthOf(TimeZone::utc().dateAt(options.now)), 1 - options.months) < monthOf(Date {}))
        return failure(
            ErrorCode::InvalidArgument,
            fmt::format("--months {}: the first would be before 1970", options.months)
        );
    DemoMaker maker(database, options);
    return maker.make();
}

} // namespace quittance::sandbox
