#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What every benchmark program stands on: its command line, and the figures that it prints.
namespace quittance::bench {

/// bench_NAME [--smoke] [--large] [WORKLOAD...]: --smoke takes tiny sizes, to see that it works;
/// --large adds the workloads that take minutes; names limit what runs.
class Arguments {
public:
    Arguments(int argc, char** argv);
    [[nodiscard]] bool isSmoke() const { return m_isSmoke; }
    /// `full`, or `tiny` in a smoke run.
    template <class Number> [[nodiscard]] Number size(Number full, Number tiny) const
    {
        return m_isSmoke ? tiny : full;
    }
    [[nodiscard]] bool wants(std::string_view workload) const;
    /// The same for one that runs only where it is named or with --large.
    [[nodiscard]] bool wantsLarge(std::string_view workload) const;

private:
    [[nodiscard]] bool isNamed(std::string_view workload) const;

    bool m_isSmoke = false;
    bool m_isLarge = false;
    std::vector<std::string> m_workloads;
};

/// One measured figure. The floor is the same work done by the barest program that can do it, in
/// the same run; the ratio is figure / floor, of rates and of times alike.
struct Figure {
    std::string workload; ///< "import random"
    std::string engine; ///< "SQLite", "PostgreSQL"; "" where nothing is stored
    std::string measure; ///< "file to durable rows"
    double figure = 0;
    std::string unit; ///< "rows/s"
    std::optional<double> floor {};
    std::string floorIs {}; ///< what the floor is, in a few words
    std::optional<double> ratioMin {}; ///< the target, one of these two
    std::optional<double> figureMax {};
};

/// Collects figures, tells each on standard error as it comes, and prints them as JSON.
class Report {
public:
    void add(Figure figure);
    /// An array of flat objects on standard output; the exit code of the program.
    [[nodiscard]] int print() const;

private:
    std::vector<Figure> m_figures;
};

/// The middle one; of an even number the upper of the two. 0 of none.
[[nodiscard]] double median(std::vector<double> values);

/// Ends the program with one line on standard error: a benchmark that cannot go on has nothing to
/// tell.
[[noreturn]] void stop(const std::string& why);

} // namespace quittance::bench
