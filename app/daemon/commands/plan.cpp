#include "app/daemon/commands/commands.h"
#include "backend/pricing/pricing.h"
#include "core/contract/codec.h"
#include "core/formats/price_plan_file.h"

#include <boost/json/array.hpp>
#include <fmt/format.h>

#include <memory>

namespace quittance::daemon {

namespace {

Result<Exit> load(const Session& session, const std::string& file)
{
    QUITTANCE_TRY(const std::string text, readFile(file));
    Result<PricePlan> plan = formats::parsePricePlan(text);
    if (!plan)
        return failure(plan.error().code, fmt::format("{}: {}", file, plan.error().detail));
    QUITTANCE_TRY(
        const std::int32_t version, backend::loadPlan(session.context(), Session::actor(), *plan)
    );
    fmt::print(
        "plan {} version {}, from {}, {} prices\n", plan->code, version, toText(plan->effective),
        plan->prices.size()
    );
    return Exit::Done;
}

Result<Exit> list(const Session& session, bool json)
{
    QUITTANCE_TRY(const std::vector<PricePlan> plans, session.database().read(backend::listPlans));
    boost::json::array rows;
    for (const PricePlan& plan : plans) {
        if (json)
            rows.push_back(contract::toJson(plan));
        else
            fmt::print(
                "{:<20} version {:<3} from {}  {}  {} prices\n", plan.code, plan.version,
                toText(plan.effective), plan.currency.code(), plan.prices.size()
            );
    }
    if (json)
        printJson(rows);
    return Exit::Done;
}

} // namespace

void addPlanCommands(CommandLine& line)
{
    Command noun = line.add("plan", "Price plans");

    Command loadCommand = noun.add("load", "Check a price plan and store it as the next version");
    auto file = std::make_shared<std::string>();
    loadCommand.option("file", *file, "A price plan as JSON").required();
    loadCommand.runOn([file](const Session& session) { return load(session, *file); });

    Command listCommand = noun.add("list", "All plans, every version");
    auto json = std::make_shared<bool>(false);
    listCommand.flag("--json", *json);
    listCommand.runOn([json](const Session& session) { return list(session, *json); });
}

} // namespace quittance::daemon
