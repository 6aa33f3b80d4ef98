#include "benchmarks/support/process.h"

#include "benchmarks/support/report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <system_error>
#include <utility>

// NOLINTNEXTLINE(readability-redundant-declaration): POSIX leaves it to programs.
extern char** environ;

namespace quittance::bench {

namespace {

namespace fs = std::filesystem;
using SteadyClock = std::chrono::steady_clock;

double secondsSince(SteadyClock::time_point begin)
{
    return std::chrono::duration<double>(SteadyClock::now() - begin).count();
}

/// The process, with its standard output in `output`. A child's peak begins with its parent's, so
/// benchmark programs that look at it stay small themselves.
pid_t start(const Command& command, int& output)
{
    std::array<int, 2> ends {};
    if (pipe(ends.data()) != 0)
        stop("no pipe");
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addclose(&actions, ends[0]);
    posix_spawn_file_actions_addclose(&actions, ends[1]);
    std::vector<char*> words;
    Command copy = command;
    words.reserve(copy.size() + 1);
    for (std::string& word : copy)
        words.push_back(word.data());
    words.push_back(nullptr);
    pid_t process = -1;
    const int failed
        = posix_spawnp(&process, words.front(), &actions, nullptr, words.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    if (failed != 0)
        stop(fmt::format("cannot run {}", command.front()));
    output = ends[0];
    return process;
}

bool readSome(int output, std::string& text)
{
    std::array<char, 65536> buffer; // NOLINT(cppcoreguidelines-pro-type-member-init)
    const ssize_t count = read(output, buffer.data(), buffer.size());
    if (count > 0)
        text.append(buffer.data(), static_cast<std::size_t>(count));
    return count > 0;
}

} // namespace

std::string program(const std::string& name)
{
    return (fs::read_symlink("/proc/self/exe").parent_path() / name).string();
}

Finished run(const Command& command)
{
    Running running(command);
    return running.finish();
}

Running::Running(const Command& command)
    : m_begin(SteadyClock::now())
    , m_name(fmt::format("{}", fmt::join(command, " ")))
    , m_process(start(command, m_output))
{
}

Running::~Running()
{
    if (m_process > 0) {
        kill(m_process, SIGTERM);
        waitpid(m_process, nullptr, 0);
    }
    if (m_output >= 0)
        close(m_output);
}

std::string Running::readLine()
{
    std::size_t end = m_pending.find('\n');
    while (end == std::string::npos) {
        if (!readSome(m_output, m_pending))
            stop(m_name + " ended before it said what was waited for");
        end = m_pending.find('\n');
    }
    std::string line = m_pending.substr(0, end);
    m_pending.erase(0, end + 1);
    return line;
}

Finished Running::finish()
{
    while (readSome(m_output, m_pending)) { }
    rusage usage {};
    int status = 0;
    if (wait4(std::exchange(m_process, -1), &status, 0, &usage) < 0 || !WIFEXITED(status)
        || WEXITSTATUS(status) != 0)
        stop(m_name + " failed");
    return { secondsSince(m_begin), usage.ru_maxrss, std::move(m_pending) };
}

ScratchFolder::ScratchFolder()
{
    std::string pattern = (fs::temp_directory_path() / "quittance-bench-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr)
        stop("no temporary folder " + pattern);
    m_path = pattern;
}

ScratchFolder::~ScratchFolder()
{
    std::error_code ignored;
    fs::remove_all(m_path, ignored);
}

double secondsOf(const std::function<void()>& work)
{
    const SteadyClock::time_point begin = SteadyClock::now();
    work();
    return secondsSince(begin);
}

} // namespace quittance::bench
