#include "core/http/gzip.h"

#include <doctest/doctest.h>

#include <string>

using namespace quittance;
using namespace quittance::http;

namespace {

constexpr std::size_t plenty = std::size_t { 64 } * 1024 * 1024;

std::string sample(std::size_t bytes)
{
    std::string text;
    while (text.size() < bytes)
        text += "row " + std::to_string(text.size() * 7919 % 100003) + "\n";
    text.resize(bytes);
    return text;
}

} // namespace

TEST_CASE("what is packed comes out again")
{
    for (const std::size_t size : { 0UL, 1UL, 100UL, 16384UL, 16385UL, 1000000UL }) {
        CAPTURE(size);
        const auto text = sample(size);
        const auto packed = gzip(text);
        CHECK(gunzip(packed, size).value() == text);
        if (size > 1000)
            CHECK(packed.size() < size / 2);
    }
}

TEST_CASE("a stream can be read as far as it was written")
{
    GzipStream stream;
    std::string packed;
    std::string text;
    for (const std::size_t size : { 10UL, 50000UL, 1UL, 0UL, 3UL }) {
        text += sample(size);
        packed += stream.add(sample(size));
    }
    CHECK(gunzip(packed, plenty).error().code == ErrorCode::MalformedInput); // not ended yet
    packed += stream.finish();
    CHECK(gunzip(packed, plenty).value() == text);
}

TEST_CASE("members one behind the other are one text")
{
    CHECK(gunzip(gzip("one") + gzip("") + gzip("two"), 6).value() == "onetwo");
}

TEST_CASE("a bomb is refused at its limit")
{
    const auto packed = gzip(std::string(plenty, '\0'));
    REQUIRE(packed.size() < 400000);
    CHECK(gunzip(packed, 1000000).error().code == ErrorCode::TooLarge);
    CHECK(gunzip(packed, plenty - 1).error().code == ErrorCode::TooLarge);
    CHECK(gunzip(packed, plenty).has_value());
    CHECK(gunzip(gzip("abc"), 0).error().code == ErrorCode::TooLarge);
}

TEST_CASE("damaged bytes are malformed input, wherever the damage is")
{
    const auto packed = gzip(sample(3000));
    for (std::size_t size = 0; size < packed.size(); ++size) {
        CAPTURE(size);
        CHECK(gunzip(packed.substr(0, size), plenty).error().code == ErrorCode::MalformedInput);
    }
    auto flipped = packed;
    flipped[flipped.size() - 6]
        = static_cast<char>(flipped[flipped.size() - 6] ^ 1); // in the checksum
    CHECK(gunzip(flipped, plenty).error().code == ErrorCode::MalformedInput);
    CHECK(gunzip(packed + "x", plenty).error().code == ErrorCode::MalformedInput);
    CHECK(gunzip("plain text", plenty).error().code == ErrorCode::MalformedInput);
}
