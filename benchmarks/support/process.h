#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

/// Programs under measurement, run as a person runs them. What goes wrong ends the benchmark.
namespace quittance::bench {

using Command = std::vector<std::string>;

/// What a program that ended with success took.
struct Finished {
    double seconds = 0; ///< from starting it to its end
    std::int64_t peakKib = 0; ///< resident at most
    std::string output; ///< its standard output
};

/// A program of this build: beside the one that runs.
[[nodiscard]] std::string program(const std::string& name);

[[nodiscard]] Finished run(const Command& command);

/// A program that runs until this goes.
class Running {
public:
    explicit Running(const Command& command);
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;
    ~Running();

    /// The next line of its standard output, without the line end.
    [[nodiscard]] std::string readLine();
    /// Waits for its end by itself.
    Finished finish();

private:
    std::chrono::steady_clock::time_point m_begin;
    std::string m_name;
    int m_output = -1;
    pid_t m_process = -1; ///< made after m_output, which starting it sets
    std::string m_pending;
};

/// A folder of its own, removed with all it holds.
class ScratchFolder {
public:
    ScratchFolder();
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;
    ~ScratchFolder();
    [[nodiscard]] std::string file(const std::string& name) const
    {
        return (m_path / name).string();
    }

private:
    std::filesystem::path m_path;
};

/// Seconds that this takes.
[[nodiscard]] double secondsOf(const std::function<void()>& work);

} // namespace quittance::bench
