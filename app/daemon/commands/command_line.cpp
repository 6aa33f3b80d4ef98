#include "app/daemon/commands/command_line.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace quittance::daemon {

namespace {

/// In one line.
std::string wrongUse(const CLI::App& app, const CLI::ParseError& error)
{
    constexpr std::string_view unknownKey = "INI was not able to parse ";
    std::string text = error.what();
    std::ranges::replace(text, '\n', ' ');
    const std::vector<std::string> unknown = app.remaining(true);
    if (dynamic_cast<const CLI::RequiredError*>(&error) != nullptr && !unknown.empty())
        return fmt::format("there is no command \"{}\"", unknown.front());
    if (!text.starts_with(unknownKey))
        return text;
    return fmt::format(
        "{}: there is no option \"{}\"", app.get_config_ptr()->as<std::string>(),
        text.substr(unknownKey.size())
    );
}

} // namespace

Option Option::required()
{
    m_option->required();
    return *this;
}

Option Option::oneOf(std::initializer_list<const char*> values)
{
    m_option->check(CLI::IsMember(std::vector<std::string>(values.begin(), values.end())));
    return *this;
}

Option Option::between(std::int64_t least, std::int64_t most)
{
    m_option->check(CLI::Range(least, most));
    return *this;
}

bool Option::isGiven() const
{
    return m_option->count() > 0;
}

Command Command::add(const std::string& name, const std::string& help)
{
    m_app->require_subcommand(1);
    return { *m_app->add_subcommand(name, help), *m_line };
}

Option Command::option(const std::string& name, std::string& value, const std::string& help)
{
    return Option(*m_app->add_option(name, value, help));
}

Option
Command::option(const std::string& name, std::vector<std::string>& value, const std::string& help)
{
    return Option(*m_app->add_option(name, value, help));
}

Option Command::option(const std::string& name, int& value, const std::string& help)
{
    return Option(*m_app->add_option(name, value, help));
}

Option Command::option(const std::string& name, std::int64_t& value, const std::string& help)
{
    return Option(*m_app->add_option(name, value, help));
}

Option Command::option(const std::string& name, std::uint64_t& value, const std::string& help)
{
    return Option(*m_app->add_option(name, value, help));
}

void Command::flag(const std::string& name, bool& value, const std::string& help)
{
    m_app->add_flag(name, value, help);
}

void Command::run(Work work)
{
    m_app->callback([line = m_line, work = std::move(work)] { line->m_work = work; });
}

void Command::runOn(SessionWork work)
{
    run([line = m_line, work = std::move(work)]() -> Result<Exit> {
        QUITTANCE_TRY(
            const std::unique_ptr<Session> session,
            Session::open(line->configuration(), Session::Schema::Required)
        );
        return work(*session);
    });
}

CommandLine::CommandLine()
    : m_app(std::make_unique<CLI::App>(
        "The billing backend of a GPU cloud: meters, rates, bills, and serves the console."
    ))
{
    addGlobalOptions();
}

CommandLine::~CommandLine() = default;

void CommandLine::addGlobalOptions()
{
    m_app->set_config("--config", "", "A file of these options (TOML)");
    m_app->allow_config_extras(CLI::config_extras_mode::error);
    m_app->set_version_flag("--version", QUITTANCE_VERSION);
    m_app->add_option(
        "--database", m_configuration.database,
        "sqlite:FILE or postgresql://HOST/NAME; a password belongs in a PGPASSFILE"
    );
    m_app->add_option(
        "--brand", m_configuration.brandFile,
        "The brand file; what migrate or demo create was given if left"
    );
    m_app->add_option(
        "--sandbox-clock", m_configuration.sandboxClock,
        "A clock that stands still at this instant, for demos and tests"
    );
    m_app
        ->add_option("--payment-provider", m_configuration.paymentProvider, "none, sandbox or live")
        ->check(CLI::IsMember({ "none", "sandbox", "live" }));
    m_app->require_subcommand(1);
    m_app->fallthrough();
}

Command CommandLine::add(const std::string& name, const std::string& help)
{
    return { *m_app->add_subcommand(name, help), *this };
}

std::optional<int> CommandLine::parse(int argc, char** argv)
{
    try {
        m_app->parse(argc, argv);
        return std::nullopt;
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) // --help, --version
            return m_app->exit(error);
        fmt::print(stderr, "quittanced: {} (--help tells more)\n", wrongUse(*m_app, error));
        return static_cast<int>(Exit::Usage);
    }
}

} // namespace quittance::daemon
