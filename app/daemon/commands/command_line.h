#pragma once

#include "app/daemon/program.h"

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace CLI { // NOLINT(readability-identifier-naming): the name is the library's
class App;
class Option;
} // namespace CLI

/// What a command line is made of: a thin cover of CLI11, so that its header, which takes longer to
/// compile than everything else of a command, is read once.
namespace quittance::daemon {

/// A value that is given by its name ("--account A") or by its place ("number").
class Option {
public:
    explicit Option(CLI::Option& option)
        : m_option(&option)
    {
    }
    Option required();
    Option oneOf(std::initializer_list<const char*> values);
    Option between(std::int64_t least, std::int64_t most);
    /// Known once the command runs.
    [[nodiscard]] bool isGiven() const;

private:
    CLI::Option* m_option;
};

/// A word that does something, or under which such words stand. The values that its options fill
/// have to stay where they are until it has run.
class Command {
public:
    using Work = std::function<Result<Exit>()>;
    using SessionWork = std::function<Result<Exit>(const Session&)>;

    /// The word below this one. Where there is one, one of them has to be given.
    [[nodiscard]] Command add(const std::string& name, const std::string& help);

    /// Left as it is where it is not given. A name without dashes is given by its place.
    Option option(const std::string& name, std::string& value, const std::string& help = {});
    /// Given several times, or several values.
    Option
    option(const std::string& name, std::vector<std::string>& value, const std::string& help = {});
    Option option(const std::string& name, int& value, const std::string& help = {});
    Option option(const std::string& name, std::int64_t& value, const std::string& help = {});
    Option option(const std::string& name, std::uint64_t& value, const std::string& help = {});
    void flag(const std::string& name, bool& value, const std::string& help = {});

    void run(Work work);
    /// On an open database of the current schema.
    void runOn(SessionWork work);

private:
    friend class CommandLine;
    Command(CLI::App& app, class CommandLine& line)
        : m_app(&app)
        , m_line(&line)
    {
    }

    CLI::App* m_app;
    class CommandLine* m_line;
};

/// The whole of it, with the options that every command has.
class CommandLine {
public:
    CommandLine();
    CommandLine(const CommandLine&) = delete;
    CommandLine& operator=(const CommandLine&) = delete;
    ~CommandLine();

    [[nodiscard]] Command add(const std::string& name, const std::string& help);
    [[nodiscard]] const Configuration& configuration() const { return m_configuration; }
    /// An exit code where there is nothing to run: after --help, or a wrong use that was told.
    [[nodiscard]] std::optional<int> parse(int argc, char** argv);
    [[nodiscard]] Result<Exit> run() const { return m_work(); }

private:
    friend class Command;
    void addGlobalOptions();

    std::unique_ptr<CLI::App> m_app;
    Configuration m_configuration;
    Command::Work m_work; ///< of the command that was given
};

} // namespace quittance::daemon
