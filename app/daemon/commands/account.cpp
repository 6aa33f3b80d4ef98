#include "app/daemon/commands/commands.h"
#include "backend/accounts/accounts.h"
#include "backend/pricing/pricing.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>

#include <functional>
#include <memory>

namespace quittance::daemon {

namespace {

using backend::AccountRecord;
using backend::BillingProfile;

/// The options of a billing profile, and which of them were given.
struct ProfileOptions {
    BillingProfile given;
    std::vector<std::function<void(BillingProfile&)>> takeGiven;

    [[nodiscard]] BillingProfile over(BillingProfile profile) const
    {
        for (const auto& take : takeGiven)
            take(profile);
        return profile;
    }
};

struct AddOptions {
    backend::NewAccount account;
    ProfileOptions profile;
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

Result<Exit> add(const Session& session, const AddOptions& options)
{
    QUITTANCE_CHECK(session.ensureBrandEntities());
    const BillingProfile profile = options.profile.over(BillingProfile());
    backend::NewAccount account = options.account;
    if (profile != BillingProfile())
        account.profile = profile;
    QUITTANCE_TRY(account.terms, termsOf(session, options));
    QUITTANCE_TRY(const bool isPlanLoaded, session.database().read([&](database::Transaction& tx) {
        return backend::isPlanLoaded(tx, account.plan, account.currency);
    }));
    QUITTANCE_TRY(
        const AccountId id, backend::addAccount(session.context(), Session::actor(), account)
    );
    if (!isPlanLoaded)
        fmt::print(
            stderr, "plan \"{}\" is not loaded yet: the account's use waits for its prices\n",
            account.plan
        );
    if (options.json)
        printJson(boost::json::object { { "id", id }, { "name", options.account.name } });
    else
        fmt::print("account {} \"{}\"\n", id, options.account.name);
    return Exit::Done;
}

struct ProfileCommand {
    std::string account;
    ProfileOptions profile;
    std::string effective;
    bool json = false;
};

boost::json::object profileJson(AccountId account, const BillingProfile& profile)
{
    const auto texts = [](const std::vector<std::string>& values) {
        return boost::json::array(values.begin(), values.end());
    };
    return { { "account", account },
             { "version", profile.version },
             { "validFrom", toText(profile.validFrom) },
             { "legalName", profile.legalName },
             { "addressLines", texts(profile.addressLines) },
             { "country", profile.country },
             { "taxIds", texts(profile.taxIds) },
             { "purchaseOrder", profile.purchaseOrder },
             { "buyerReference", profile.buyerReference },
             { "emails", texts(profile.emails) },
             { "language", profile.language },
             { "missingFields", texts(backend::missingFields(profile)) } };
}

/// Midnight of the day where the account is.
Result<std::optional<Instant>> effectiveFrom(const AccountRecord& account, const std::string& day)
{
    if (day.empty())
        return std::nullopt;
    QUITTANCE_TRY(const Date date, parseDate(day));
    QUITTANCE_TRY(const TimeZone zone, TimeZone::find(account.timeZone));
    return zone.startOf(date);
}

void printProfile(const AccountRecord& account, const BillingProfile& profile)
{
    fmt::print(
        "account {} \"{}\": billing profile version {}, from {}\n", account.id, account.name,
        profile.version, toText(profile.validFrom)
    );
    for (const std::string& field : backend::missingFields(profile))
        fmt::print("its bills still wait as drafts: the billing profile lacks {}\n", field);
}

Result<Exit> changeProfile(const Session& session, const ProfileCommand& command)
{
    QUITTANCE_TRY(
        const AccountRecord account, session.database().read([&](database::Transaction& tx) {
            return backend::findAccountByNameOrId(tx, command.account);
        })
    );
    QUITTANCE_TRY(
        const std::optional<Instant> validFrom, effectiveFrom(account, command.effective)
    );
    const Instant at = validFrom.value_or(session.context().clock.now());
    QUITTANCE_TRY(
        const BillingProfile present, session.database().read([&](database::Transaction& tx) {
            return backend::profileAt(tx, account.id, at);
        })
    );
    QUITTANCE_TRY(
        const BillingProfile changed,
        backend::changeProfile(
            session.context(), Session::actor(), account.id, command.profile.over(present),
            std::nullopt, at
        )
    );
    if (command.json)
        printJson(profileJson(account.id, changed));
    else
        printProfile(account, changed);
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

template <class T>
void addProfileOption(
    Command& command, ProfileOptions& profile, const char* name, T BillingProfile::*field,
    const std::string& help
)
{
    const Option option = command.option(name, profile.given.*field, "Billing profile: " + help);
    profile.takeGiven.emplace_back([option, field, given = &profile.given](BillingProfile& taking) {
        if (option.isGiven())
            taking.*field = given->*field;
    });
}

/// `profile` must stay where it is until the command has run.
void addProfileOptions(Command& command, ProfileOptions& profile)
{
    const auto add = [&](const char* name, auto field, const std::string& help) {
        addProfileOption(command, profile, name, field, help);
    };
    add("--legal-name", &BillingProfile::legalName, "legal name");
    add("--address", &BillingProfile::addressLines, "a line of the address; repeat");
    add("--country", &BillingProfile::country, "ISO 3166 code, DE");
    add("--tax-id", &BillingProfile::taxIds, "tax id, DE123456789; repeat");
    add("--purchase-order", &BillingProfile::purchaseOrder, "printed on bills");
    add("--buyer-reference", &BillingProfile::buyerReference, "printed on bills");
    add("--email", &BillingProfile::emails, "where bills go; repeat");
    add("--language", &BillingProfile::language, "BCP 47 code, en");
}

void addProfileCommand(Command& noun)
{
    Command command = noun.add(
        "profile", "Complete or change an account's billing profile: a new version of it"
    );
    auto options = std::make_shared<ProfileCommand>();
    command.option("account", options->account, "Its name or id").required();
    addProfileOptions(command, options->profile);
    command.option(
        "--effective", options->effective, "The first day that it holds, 2027-01-01; now if left"
    );
    command.flag("--json", options->json);
    command.runOn([options](const Session& session) { return changeProfile(session, *options); });
}

} // namespace

void addAccountCommands(CommandLine& line)
{
    Command noun = line.add("account", "Who is billed");

    Command addCommand = noun.add("add", "Add an account");
    auto options = std::make_shared<AddOptions>();
    addCommand.option("name", options->account.name, "As the operator calls it").required();
    addCommand.option("--currency", options->account.currency, "ISO 4217 code, USD");
    addCommand.option("--time-zone", options->account.timeZone, "IANA name, UTC");
    addCommand.option("--plan", options->account.plan, "Price plan, standard");
    addProfileOptions(addCommand, options->profile);
    addCommand.option(
        "--legal-entity", options->legalEntity, "Who bills it: a code of the brand file"
    );
    addCommand.option("--payment-days", options->paymentDays, "Days from issue to due, 14");
    addCommand.flag("--json", options->json);
    addCommand.runOn([options](const Session& session) { return add(session, *options); });

    addProfileCommand(noun);

    Command listCommand = noun.add("list", "All accounts");
    auto json = std::make_shared<bool>(false);
    listCommand.flag("--json", *json);
    listCommand.runOn([json](const Session& session) { return list(session, *json); });
}

} // namespace quittance::daemon
