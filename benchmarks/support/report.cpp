#include "benchmarks/support/report.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace quittance::bench {

namespace {

boost::json::value orNull(const std::optional<double>& value)
{
    return value ? boost::json::value(*value) : boost::json::value(nullptr);
}

std::optional<double> ratioOf(const Figure& figure)
{
    if (!figure.floor || *figure.floor <= 0)
        return std::nullopt;
    return figure.figure / *figure.floor;
}

std::string targetOf(const Figure& figure)
{
    if (figure.ratioMin)
        return fmt::format("ratio >= {}", *figure.ratioMin);
    if (figure.figureMax)
        return fmt::format("<= {} {}", *figure.figureMax, figure.unit);
    return {};
}

std::string metOf(const Figure& figure)
{
    bool isMet = false;
    if (figure.ratioMin)
        isMet = ratioOf(figure).value_or(0) >= *figure.ratioMin;
    else if (figure.figureMax)
        isMet = figure.figure <= *figure.figureMax;
    else
        return {};
    return isMet ? "yes" : "no";
}

boost::json::object toJson(const Figure& figure)
{
    return {
        { "workload", figure.workload }, { "engine", figure.engine },
        { "measure", figure.measure },   { "figure", figure.figure },
        { "unit", figure.unit },         { "floor", orNull(figure.floor) },
        { "floor is", figure.floorIs },  { "ratio", orNull(ratioOf(figure)) },
        { "target", targetOf(figure) },  { "met", metOf(figure) },
    };
}

} // namespace

Arguments::Arguments(int argc, char** argv)
{
    for (int i = 1; i < argc; ++i) {
        const std::string_view word = argv[i];
        if (word == "--smoke")
            m_isSmoke = true;
        else if (word == "--large")
            m_isLarge = true;
        else if (word.starts_with('-'))
            stop(fmt::format("usage: {} [--smoke] [--large] [WORKLOAD...]", argv[0]));
        else
            m_workloads.emplace_back(word);
    }
}

bool Arguments::isNamed(std::string_view workload) const
{
    return std::ranges::find(m_workloads, workload) != m_workloads.end();
}

bool Arguments::wants(std::string_view workload) const
{
    return m_workloads.empty() || isNamed(workload);
}

bool Arguments::wantsLarge(std::string_view workload) const
{
    return (m_isLarge && m_workloads.empty()) || isNamed(workload);
}

void Report::add(Figure figure)
{
    const std::optional<double> ratio = ratioOf(figure);
    fmt::print(
        stderr, "{}{}{}: {} {:.6g} {}{} {} {}\n", figure.workload,
        figure.engine.empty() ? "" : ", ", figure.engine, figure.measure, figure.figure,
        figure.unit,
        ratio ? fmt::format(", floor {:.6g}, ratio {:.2f}", *figure.floor, *ratio) : "",
        targetOf(figure), metOf(figure)
    );
    m_figures.push_back(std::move(figure));
}

int Report::print() const
{
    boost::json::array list;
    for (const Figure& figure : m_figures)
        list.emplace_back(toJson(figure));
    fmt::print("{}\n", boost::json::serialize(list));
    if (m_figures.empty())
        stop("no workload of this name");
    return EXIT_SUCCESS;
}

double median(std::vector<double> values)
{
    if (values.empty())
        return 0;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
}

void stop(const std::string& why)
{
    fmt::print(stderr, "bench: {}\n", why);
    std::exit(EXIT_FAILURE); // NOLINT(concurrency-mt-unsafe)
}

} // namespace quittance::bench
