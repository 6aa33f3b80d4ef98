#include "backend/journal/secure.h"

#include <doctest/doctest.h>

#include <set>

using namespace quittance;
using namespace quittance::backend;

TEST_CASE("BLAKE2b-256 gives its published values")
{
    // RFC 7693's algorithm with 32 bytes of output; the values are those of b2sum -l 256.
    CHECK(
        hexText(hash256("")) == "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8"
    );
    CHECK(
        hexText(hash256("abc"))
        == "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319"
    );
}

TEST_CASE("A salt stands before the text")
{
    const database::Bytes salt { std::byte { 'a' }, std::byte { 'b' } };
    CHECK(saltedHash256(salt, "c") == hash256("abc"));
    CHECK(saltedHash256(salt, "c") != hash256("c"));
}

TEST_CASE("Bytes are compared by content and size")
{
    CHECK(sameBytes(hash256("a"), hash256("a")));
    CHECK_FALSE(sameBytes(hash256("a"), hash256("b")));
    CHECK_FALSE(sameBytes(hash256("a"), {}));
    CHECK(sameBytes({}, {}));
}

TEST_CASE("Secrets are written without padding, safe in a URL")
{
    const database::Bytes bytes { std::byte { 0xfb }, std::byte { 0xff } };
    CHECK(urlText(bytes) == "-_8");
    CHECK(base64Text(bytes) == "+/8");
    CHECK(hexText(bytes) == "fbff");
}

TEST_CASE("The system's chance does not repeat, a seed's does")
{
    SystemRandom system;
    std::set<std::string> seen;
    for (int i = 0; i < 100; ++i)
        seen.insert(hexText(randomBytes(system, secretSizeBytes)));
    CHECK(seen.size() == 100);
    SeededRandom one(1);
    SeededRandom same(1);
    CHECK(randomBytes(one, 20) == randomBytes(same, 20));
}
