#define DOCTEST_CONFIG_IMPLEMENT

#include "tests/support/shared_data.h"

#include <doctest/doctest.h>

#include <iostream>

int main(int argc, char** argv)
{
    doctest::Context context(argc, argv);
    const int outcome = context.run();
    for (const auto& [reason, count] : quittance::testing::skipCounts())
        std::cout << "skips: " << count << " x " << reason << '\n';
    return outcome;
}
