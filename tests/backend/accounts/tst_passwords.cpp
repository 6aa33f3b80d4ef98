#include "backend/accounts/passwords.h"
#include "tests/support/results.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <chrono>

using namespace quittance;
using namespace quittance::backend;
using namespace quittance::testing;

namespace {

const std::string password = "correct horse battery";

} // namespace

TEST_CASE("A password is verified by its hash, which carries its own cost")
{
    SeededRandom random(1);
    const std::string cheap = valueOf(hashPassword(random, password, PasswordCost::least()));
    const std::string again = valueOf(hashPassword(random, password, PasswordCost::least()));
    CHECK(cheap.starts_with("$argon2id$v=19$m=8,t=1,p=1$"));
    CHECK(cheap != again);
    CHECK(cheap.find("horse") == std::string::npos);
    CHECK(verifyPassword(cheap, password));
    CHECK(verifyPassword(again, password));
    CHECK_FALSE(verifyPassword(cheap, password + " "));
    CHECK_FALSE(verifyPassword(cheap, ""));
    for (const std::string& broken : { std::string(), std::string("$argon2id$"), cheap.substr(1),
                                       cheap.substr(0, cheap.size() - 1), std::string(500, 'x') }) {
        CAPTURE(broken);
        CHECK_FALSE(verifyPassword(broken, password));
    }
}

TEST_CASE("The product's cost is libsodium's interactive limit")
{
    SeededRandom random(1);
    const std::string hash = valueOf(hashPassword(random, password, {}));
    CHECK(hash.starts_with("$argon2id$v=19$m=65536,t=2,p=1$"));
    CHECK(verifyPassword(hash, password));
}

TEST_CASE("The notation is the one that libsodium itself writes and reads")
{
    SeededRandom random(1);
    const PasswordCost cost { 1, 16 * 1024 };
    const std::string ours = valueOf(hashPassword(random, password, cost));
    std::array<char, crypto_pwhash_STRBYTES> theirs {};
    REQUIRE(
        crypto_pwhash_str(
            theirs.data(), password.data(), password.size(), cost.passes, cost.memoryBytes
        )
        == 0
    );
    CHECK(verifyPassword(theirs.data(), password));
    CHECK_FALSE(verifyPassword(theirs.data(), password + "x"));
    CHECK(ours.size() == std::string(theirs.data()).size());
    CHECK(crypto_pwhash_str_needs_rehash(ours.c_str(), cost.passes, cost.memoryBytes) == 0);
    CHECK(crypto_pwhash_str_needs_rehash(ours.c_str(), cost.passes + 1, cost.memoryBytes) == 1);
}

TEST_CASE("Nothing to verify takes as long as something")
{
    SeededRandom random(1);
    const PasswordCost cost { 2, 16 * 1024 * 1024 };
    const std::string hash = valueOf(hashPassword(random, password, cost));
    const auto shortest = [](const auto& work) {
        auto best = std::chrono::nanoseconds::max();
        for (int i = 0; i < 5; ++i) {
            const auto begin = std::chrono::steady_clock::now();
            work();
            best = std::min<std::chrono::nanoseconds>(
                best, std::chrono::steady_clock::now() - begin
            );
        }
        return static_cast<double>(best.count());
    };
    const double something
        = shortest([&] { CHECK_FALSE(verifyPassword(hash, "wrong wrong wrong")); });
    const double nothing = shortest([&] { verifyNothing("wrong wrong wrong", cost); });
    // A skipped hash would be a thousand times faster; the machine's noise is less than three
    // times.
    CHECK(nothing > something / 3);
    CHECK(nothing < something * 3);
}
