#include "sandbox/demo/demo.h"

#include "app/daemon/commands/commands.h"

#include <boost/json/object.hpp>
#include <fmt/format.h>

#include <memory>

namespace quittance::daemon {

namespace {

Result<Exit> create(CommandLine& line, const sandbox::DemoOptions& options, bool json)
{
    QUITTANCE_TRY(
        const std::unique_ptr<Session> session,
        Session::open(line.configuration(), Session::Schema::Migrate)
    );
    sandbox::DemoOptions made = options;
    made.now = session->context().clock.now();
    made.brand = session->brand();
    made.entities = legalEntities(session->brand());
    made.priceFolder = resourceFolder() / "prices";
    QUITTANCE_TRY(const sandbox::DemoReport report, sandbox::createDemo(session->database(), made));
    QUITTANCE_CHECK(session->bindBrand());
    if (json) {
        printJson(boost::json::object { { "accounts", report.accounts },
                                        { "events", report.events },
                                        { "bills", report.bills },
                                        { "email", report.adminEmail },
                                        { "customerEmail", report.customerEmail },
                                        { "password", report.password } });
        return Exit::Done;
    }
    fmt::print(
        "{} accounts, {} events, {} bills; sign in as {} with the password {}\n", report.accounts,
        report.events, report.bills, report.adminEmail, report.password
    );
    return Exit::Done;
}

} // namespace

void addDemoCommands(CommandLine& line)
{
    Command noun = line.add("demo", "A cloud to try with");
    Command command = noun.add(
        "create",
        "Fill an empty database with a demo organisation; the same seed and clock give the same"
    );
    auto options = std::make_shared<sandbox::DemoOptions>();
    command.option("--seed", options->seed, "1");
    command.option("--accounts", options->accounts, "12");
    command.option("--months", options->months, "14");
    auto json = std::make_shared<bool>(false);
    command.flag("--json", *json);
    command.run([&line, options, json] { return create(line, *options, *json); });
}

} // namespace quittance::daemon
