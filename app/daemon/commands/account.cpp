#include "app/daemon/commands/commands.h"
#include "backend/accounts/accounts.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>

#include <memory>

namespace quittance::daemon {

namespace {

using backend::AccountRecord;
using backend::BillingProfile;

struct AddOptions {
    backend::NewAccount account;
    BillingProfile profile;
    std::string legalEntity;
    int paymentDays = 14;
    bool json = false;
};

Result<backend::BillingTerms> termsOf(const Session& session, const AddOptions& options)
{
    QUITTANCE_TRY(
        const std::vector<backend::LegalEntity> entities,
        session.database().read(backend::listLegalEntities)
    );
    backend::BillingTerms terms;
    terms.paymentDays = options.paymentDays;
    for (const backend::LegalEntity& entity : entities) {
        if (options.legalEntity.empty() || entity.code == options.legalEntity) {
            terms.legalEntity = entity.id;
            return terms;
        }
    }
    return failure(
        ErrorCode::InvalidArgument,
        fmt::format("--legal-entity: the brand file names no \"{}\"", options.legalEntity)
    );
}

Result<Exit> add(const Session& session, AddOptions options)
{
    QUITTANCE_CHECK(session.ensureBrandEntities());
    const bool hasProfile = !options.profile.legalName.empty() || !options.profile.country.empty()
        || !options.profile.emails.empty();
    if (hasProfile)
        options.account.profile = options.profile;
    QUITTANCE_TRY(options.account.terms, termsOf(session, options));
    QUITTANCE_TRY(
        const AccountId id,
        backend::addAccount(session.context(), Session::actor(), options.account)
    );
    if (options.json)
        printJson(boost::json::object { { "id", id }, { "name", options.account.name } });
    else
        fmt::print("account {} \"{}\"\n", id, options.account.name);
    return Exit::Done;
}

void printTable(const std::vector<AccountRecord>& accounts)
{
    for (const AccountRecord& account : accounts)
        fmt::print(
            "{:>6}  {:<40} {}  {:<24} {}\n", account.id, account.name, account.currency.code(),
            account.timeZone, account.plan
        );
}

Result<Exit> list(const Session& session, bool json)
{
    QUITTANCE_TRY(
        const std::vector<AccountRecord> accounts, session.database().read(backend::listAccounts)
    );
    if (!json) {
        printTable(accounts);
        return Exit::Done;
    }
    boost::json::array rows;
    for (const AccountRecord& account : accounts)
        rows.push_back(boost::json::object { { "id", account.id },
                                             { "name", account.name },
                                             { "currency", account.currency.code() },
                                             { "timeZone", account.timeZone },
                                             { "plan", account.plan } });
    printJson(rows);
    return Exit::Done;
}

void addProfileOptions(CLI::App& command, BillingProfile& profile)
{
    command.add_option("--legal-name", profile.legalName, "Billing profile: legal name");
    command.add_option(
        "--address", profile.addressLines, "Billing profile: a line of the address; repeat"
    );
    command.add_option("--country", profile.country, "Billing profile: ISO 3166 code, DE");
    command.add_option("--tax-id", profile.taxIds, "Billing profile: tax id, DE123456789; repeat");
    command.add_option(
        "--purchase-order", profile.purchaseOrder, "Billing profile: printed on bills"
    );
    command.add_option(
        "--buyer-reference", profile.buyerReference, "Billing profile: printed on bills"
    );
    command.add_option("--email", profile.emails, "Billing profile: where bills go; repeat");
    command.add_option("--language", profile.language, "Billing profile: BCP 47 code, en");
}

} // namespace

void addAccountCommands(CommandLine& line)
{
    CLI::App* noun = line.app.add_subcommand("account", "Who is billed");
    noun->require_subcommand(1);

    CLI::App* addCommand = noun->add_subcommand("add", "Add an account");
    auto options = std::make_shared<AddOptions>();
    addCommand->add_option("name", options->account.name, "As the operator calls it")->required();
    addCommand->add_option("--currency", options->account.currency, "ISO 4217 code, USD");
    addCommand->add_option("--time-zone", options->account.timeZone, "IANA name, UTC");
    addCommand->add_option("--plan", options->account.plan, "Price plan, standard");
    addProfileOptions(*addCommand, options->profile);
    addCommand->add_option(
        "--legal-entity", options->legalEntity, "Who bills it: a code of the brand file"
    );
    addCommand->add_option("--payment-days", options->paymentDays, "Days from issue to due, 14");
    addCommand->add_flag("--json", options->json);
    addCommand->callback([&line, options] {
        line.work = withSession(line, [options](const Session& session) {
            return add(session, *options);
        });
    });

    CLI::App* listCommand = noun->add_subcommand("list", "All accounts");
    auto json = std::make_shared<bool>(false);
    listCommand->add_flag("--json", *json);
    listCommand->callback([&line, json] {
        line.work
            = withSession(line, [json](const Session& session) { return list(session, *json); });
    });
}

} // namespace quittance::daemon
