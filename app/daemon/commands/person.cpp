#include "app/daemon/commands/commands.h"
#include "backend/accounts/people.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>

#include <memory>

namespace quittance::daemon {

namespace {

using backend::Person;

struct AddOptions {
    std::string email;
    std::string name;
    std::string role;
    std::vector<std::string> accounts;
    std::string passwordFile;
    bool json = false;
};

Result<std::vector<Grant>> grantsOf(const Session& session, const AddOptions& options)
{
    QUITTANCE_TRY(const Role role, roleFromWireName(options.role));
    if (options.accounts.empty())
        return std::vector<Grant> { { role, std::nullopt } };
    std::vector<Grant> grants;
    for (const std::string& name : options.accounts) {
        QUITTANCE_TRY(const AccountId account, accountNamed(session, name));
        grants.push_back({ role, account });
    }
    return grants;
}

Result<std::string> passwordOf(const std::string& file)
{
    QUITTANCE_TRY(std::string password, readFile(file));
    while (!password.empty() && (password.back() == '\n' || password.back() == '\r'))
        password.pop_back();
    return password;
}

Result<Exit>
addWithPassword(const Session& session, const AddOptions& options, const std::vector<Grant>& grants)
{
    QUITTANCE_TRY(const std::string password, passwordOf(options.passwordFile));
    QUITTANCE_TRY(
        const backend::PersonId id,
        backend::addPersonWithPassword(
            session.context(), Session::actor(), options.email, options.name, grants, password
        )
    );
    if (options.json)
        printJson(boost::json::object { { "id", id }, { "email", options.email } });
    else
        fmt::print("person {} {}\n", id, options.email);
    return Exit::Done;
}

Result<Exit> add(const Session& session, const AddOptions& options)
{
    QUITTANCE_TRY(const std::vector<Grant> grants, grantsOf(session, options));
    if (!options.passwordFile.empty())
        return addWithPassword(session, options, grants);
    QUITTANCE_TRY(
        const backend::Invitation invitation,
        backend::invitePerson(
            session.context(), Session::actor(), options.email, options.name, grants
        )
    );
    if (options.json)
        printJson(boost::json::object { { "id", invitation.person },
                                        { "email", options.email },
                                        { "invitation", invitation.token } });
    else
        fmt::print(
            "person {} {}, invitation (shown once, valid 7 days): {}\n", invitation.person,
            options.email, invitation.token
        );
    return Exit::Done;
}

Result<Person> personNamed(const Session& session, const std::string& email)
{
    QUITTANCE_TRY(const std::vector<Person> people, session.database().read(backend::listPeople));
    for (const Person& person : people) {
        if (person.email == email || std::to_string(person.id) == email)
            return person;
    }
    return failure(ErrorCode::NotFound, fmt::format("there is no person \"{}\"", email));
}

Result<Exit> disable(const Session& session, const std::string& email)
{
    QUITTANCE_TRY(const Person person, personNamed(session, email));
    QUITTANCE_CHECK(backend::disablePerson(session.context(), Session::actor(), person.id));
    fmt::print("disabled {}\n", person.email);
    return Exit::Done;
}

boost::json::object personJson(const Person& person)
{
    boost::json::array grants;
    for (const Grant& grant : person.grants)
        grants.push_back(boost::json::object {
            { "role", wireName(grant.role) },
            { "account",
              grant.account ? boost::json::value(*grant.account) : boost::json::value(nullptr) } });
    return { { "id", person.id },         { "email", person.email },
             { "name", person.name },     { "disabled", person.disabled },
             { "joined", person.joined }, { "grants", std::move(grants) } };
}

Result<Exit> list(const Session& session, bool json)
{
    QUITTANCE_TRY(const std::vector<Person> people, session.database().read(backend::listPeople));
    boost::json::array rows;
    for (const Person& person : people) {
        if (json)
            rows.push_back(personJson(person));
        else
            fmt::print(
                "{:>6}  {:<32} {:<28} {}\n", person.id, person.email, person.name,
                person.disabled ? "disabled" : (person.joined ? "active" : "invited")
            );
    }
    if (json)
        printJson(rows);
    return Exit::Done;
}

void addAddCommand(Command& noun)
{
    Command command = noun.add("add", "Invite a person, or add one with a password");
    auto options = std::make_shared<AddOptions>();
    command.option("email", options->email).required();
    command.option("--name", options->name).required();
    command.option("--role", options->role, "customer, finance or admin").required();
    command.option("--account", options->accounts, "Only on this account (name or id); repeat");
    command.option(
        "--password-file", options->passwordFile,
        "A file with the password, /dev/stdin to type it; without it an invitation is printed"
    );
    command.flag("--json", options->json);
    command.runOn([options](const Session& session) { return add(session, *options); });
}

} // namespace

void addPersonCommands(CommandLine& line)
{
    Command noun = line.add("person", "Who works here");
    addAddCommand(noun);

    Command disableCommand = noun.add("disable", "End a person's access");
    auto email = std::make_shared<std::string>();
    disableCommand.option("email", *email, "E-mail or id").required();
    disableCommand.runOn([email](const Session& session) { return disable(session, *email); });

    Command listCommand = noun.add("list", "Everyone who can sign in");
    auto json = std::make_shared<bool>(false);
    listCommand.flag("--json", *json);
    listCommand.runOn([json](const Session& session) { return list(session, *json); });
}

} // namespace quittance::daemon
