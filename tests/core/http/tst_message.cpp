#include "core/http/message.h"

#include <doctest/doctest.h>

#include <ostream>
#include <string_view>
#include <vector>

using namespace quittance::http;

TEST_CASE("headers are found whatever their case, in the order of the wire")
{
    Headers headers { { "Accept", "a" }, { "X-Tag", "1" } };
    headers.add("x-tag", "2");
    CHECK(headers.find("X-TAG") == "1");
    CHECK((headers.findAll("x-Tag") == std::vector<std::string_view> { "1", "2" }));
    CHECK_FALSE(headers.find("X-Ta"));
    headers.set("X-TAG", "3");
    CHECK((headers.findAll("x-tag") == std::vector<std::string_view> { "3" }));
    headers.remove("ACCEPT");
    CHECK(headers.size() == 1);
    CHECK(headers.valueOr("Accept", "none") == "none");
}

TEST_CASE("the names of a query keep their case")
{
    const NamedValues values { { "a", "1" }, { "A", "2" } };
    CHECK(values.find("A") == "2");
    CHECK(values.findAll("a").size() == 1);
}

TEST_CASE("methods have the names of the standard, and no other spelling")
{
    for (const auto method : { Method::Get, Method::Head, Method::Post, Method::Put, Method::Patch,
                               Method::Delete, Method::Options })
        CHECK((methodFromString(toString(method)) == method));
    CHECK(toString(Method::Patch) == "PATCH");
    for (const auto* const name : { "get", "GET ", "", "TRACE", "CONNECT" })
        CHECK_FALSE(methodFromString(name));
}
