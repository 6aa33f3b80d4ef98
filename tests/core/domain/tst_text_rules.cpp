#include "core/domain/text_rules.h"
#include "tests/support/results.h"

#include <algorithm>

using namespace quittance;
using namespace quittance::testing;

namespace {

struct Case {
    std::string value;
    bool isRight;
};

void check(Result<> (*rule)(std::string_view, std::string_view), const std::vector<Case>& cases)
{
    for (const Case& each : cases) {
        CAPTURE(each.value);
        const Result<> outcome = rule("field", each.value);
        CHECK(outcomeOf(outcome) == (each.isRight ? "ok" : "invalid-argument"));
        if (!each.isRight)
            CHECK(detailOf(outcome).find("field") != std::string::npos);
    }
}

} // namespace

TEST_CASE("E-mail addresses")
{
    check(
        checkEmail,
        {
            { "ada@example.com", true },
            { "ada.king+bills@mail.example.co.uk", true },
            { "a@b.c", true },
            { "", false },
            { "ada", false },
            { "@example.com", false },
            { "ada@", false },
            { "ada@example", false },
            { "ada@.com", false },
            { "ada@example.", false },
            { "ada@example..com", false },
            { "ada@one@example.com", false },
            { "ada king@example.com", false },
            { "ada@example.com, b@example.com", false },
            { "Ada <ada@example.com>", false },
            { "ada@exämple.com", false },
            { "ada\n@example.com", false },
            { std::string(250, 'a') + "@example.com", false },
        }
    );
}

TEST_CASE("Countries and languages")
{
    check(
        checkCountry,
        { { "", true },
          { "DE", true },
          { "XK", true },
          { "ZW", true },
          { "de", false },
          { "UK", false },
          { "DEU", false },
          { "E ", false },
          { " D", false },
          { "ÄÖ", false } }
    );
    check(
        checkLanguage,
        { { "en", true },
          { "pt-BR", true },
          { "zh-Hans-CN", true },
          { "gsw", true },
          { "", false },
          { "e", false },
          { "english", false },
          { "en_US", false },
          { "en-", false },
          { "en--US", false },
          { "en-Unitedstates", false } }
    );
}

TEST_CASE("Names and free text")
{
    constexpr std::size_t sizeMax = 10;
    struct Text {
        std::string value;
        bool isText;
        bool isName;
    };
    const std::vector<Text> cases {
        { "Acme", true, true },         { "東京電力", false, false },
        { "東京", true, true },         { "", true, false },
        { " Acme", true, false },       { "Acme ", true, false },
        { "two\nlines", false, false }, { "tab\t", false, false },
        { "0123456789", true, true },   { "0123456789a", false, false },
        { "\xff", false, false },       { "\xc0\x80", false, false },
    };
    for (const Text& each : cases) {
        CAPTURE(each.value);
        CHECK(checkText("field", each.value, sizeMax).has_value() == each.isText);
        CHECK(checkName("field", each.value, sizeMax).has_value() == each.isName);
    }
    CHECK_FALSE(checkText("field", std::string_view("a\0b", 3), sizeMax).has_value());
    CHECK(lowerAscii("Ada@EXAMPLE.Com É") == "ada@example.com É");
}

TEST_CASE("The list of countries is what the check takes")
{
    const std::vector<std::string_view> codes = countryCodes();
    CHECK(codes.size() == 250);
    CHECK(codes.front() == "AD");
    CHECK(codes.back() == "ZW");
    CHECK(std::is_sorted(codes.begin(), codes.end()));
    for (const std::string_view code : codes) {
        CAPTURE(code);
        CHECK(outcomeOf(checkCountry("country", code)) == "ok");
    }
}

TEST_CASE("A password needs 12 characters, not bytes")
{
    struct Case {
        std::string password;
        bool isRight;
    };
    const std::vector<Case> cases {
        { "", false },
        { "elevenchars", false },
        { "twelve chars", true },
        { "ééééééééééé", false }, // 11 characters, 22 bytes
        { "éééééééééééé", true },
        { std::string(1024, 'x'), true },
        { std::string(1025, 'x'), false },
        { "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", false },
    };
    for (const Case& each : cases) {
        CAPTURE(each.password.size());
        const auto outcome = checkPassword(each.password);
        CHECK(outcome.has_value() == each.isRight);
        if (!each.password.empty())
            CHECK(detailOf(outcome).find(each.password) == std::string::npos);
    }
}
