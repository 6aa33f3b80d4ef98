#include "core/contract/repeated_keys.h"
#include "tests/core/contract/examples.h"
#include "tests/support/results.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <set>

using namespace quittance;
using namespace quittance::testing;

namespace json = boost::json;

namespace {

std::string text(std::string_view view)
{
    return std::string(view);
}

/// The first bill of the examples, with the value at a path of objects replaced.
std::string detailWith(std::string_view name, std::string_view field, json::value value)
{
    json::object object = exampleObject(name);
    object[field] = std::move(value);
    for (const MessageType& type : messageTypes())
        if (type.name == name)
            return detailOf(type.again(json::serialize(object)));
    return "no such type";
}

} // namespace

TEST_CASE("every golden example is decoded and encoded to the same bytes")
{
    for (const MessageType& type : messageTypes()) {
        CAPTURE(type.name);
        CHECK(valueOf(type.again(exampleText(type.name))) == exampleText(type.name));
    }
    const Money money { -5, valueOf(Currency::find("EUR")) };
    CHECK(valueOf(contract::fromText<Money>(exampleText("Money"))) == money);
    for (const std::string wrong :
         { R"({"amount":"0.005","currency":"EUR"})", R"({"amount":"1","currency":"XQQ"})" })
        CHECK(outcomeOf(contract::fromText<Money>(wrong)) == "malformed-input");
}

TEST_CASE("every example is of a type, so that none is left unread")
{
    std::set<std::string> names;
    for (const MessageType& type : messageTypes())
        names.insert(text(type.name) + ".json");
    std::set<std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator("core/contract/examples"))
        files.insert(entry.path().filename().string());
    CHECK(files == names);
}

TEST_CASE("objects are closed: an unknown field is refused by its name")
{
    for (const MessageType& type : messageTypes()) {
        CAPTURE(type.name);
        json::object object = exampleObject(type.name);
        object["surprise"] = 1;
        const auto answer = type.again(json::serialize(object));
        CHECK(outcomeOf(answer) == "malformed-input");
        CHECK(detailOf(answer) == "surprise is not a field of the contract");
    }
}

TEST_CASE("a field that is there twice is refused, wherever it stands and however it is written")
{
    struct Row {
        std::string text;
        std::string repeated; ///< "" where each is there once
    };
    const std::vector<Row> texts {
        { R"({"a":1,"b":{"a":2},"c":[{"a":3},{"a":4}]})", "" },
        { R"({"a":1,"a":1})", "a" },
        { R"({"a":{"b":1,"c":2,"b":3}})", "b" },
        { R"([1,{"x":[{"y":1,"\u0079":2}]}])", "y" },
        { R"({"":1,"":2})", "" },
    };
    for (const Row& row : texts) {
        CAPTURE(row.text);
        const auto checked = checkJsonKeysOnce(row.text);
        const bool isEmptyKey = row.text.starts_with("{\"\"");
        CHECK(checked.has_value() == (row.repeated.empty() && !isEmptyKey));
        if (!checked)
            CHECK(detailOf(checked) == "the field \"" + row.repeated + "\" is there twice");
    }
    const std::string text = R"({"email":"a@x.example","password":"one","password":"two"})";
    CHECK(outcomeOf(contract::fromRequest<contract::SignInRequest>(text)) == "malformed-input");
}

TEST_CASE("every field must be there, and be of its type")
{
    for (const MessageType& type : messageTypes()) {
        const json::object whole = exampleObject(type.name);
        for (const auto& member : whole) {
            const std::string name(member.key());
            CAPTURE(type.name);
            CAPTURE(name);
            json::object lacking = whole;
            lacking.erase(name);
            const bool wasAddedLater
                = type.name == "BillLine" && (name == "steps" || name == "corrects");
            CHECK(
                detailOf(type.again(json::serialize(lacking)))
                == (wasAddedLater ? "" : name + " is missing")
            );
            if (type.name == "Item" && name == "data")
                continue; // whatever the item's type says
            for (const json::value& wrong :
                 { json::value(json::array(1, json::array())),
                   json::value(json::object { { "x", 1 } }), json::value(1.5) }) {
                json::object changed = whole;
                changed[name] = wrong;
                const auto answer = type.again(json::serialize(changed));
                CHECK(outcomeOf(answer) == "malformed-input");
                CHECK(detailOf(answer).substr(0, name.size()) == name);
            }
        }
    }
}

TEST_CASE("a fault deep inside is named by its path")
{
    json::object bill = exampleObject("Bill");
    bill["lines"].as_array()[1].as_object()["rate"] = "2,95";
    CHECK(detailOf(contract::fromJson<Bill>(bill)).starts_with("lines[1].rate "));

    bill = exampleObject("Bill");
    bill["lines"].as_array()[0].as_object()["amount"].as_object()["extra"] = nullptr;
    CHECK(
        detailOf(contract::fromJson<Bill>(bill))
        == "lines[0].amount.extra is not a field of the contract"
    );

    bill = exampleObject("Bill");
    bill["summary"].as_object()["missingFields"] = json::array { "email", 7 };
    CHECK(detailOf(contract::fromJson<Bill>(bill)) == "summary.missingFields[1] must be a text");
}

TEST_CASE("values are checked as they are read")
{
    struct Row {
        std::string type;
        std::string field;
        json::value value;
        std::string detail; ///< what it begins with; "" where the value is taken
    };
    const json::object yen { { "amount", "7" }, { "currency", "JPY" } };
    const json::object halfYen { { "amount", "7.5" }, { "currency", "JPY" } };
    const json::object unknown { { "amount", "7" }, { "currency", "XQQ" } };
    const std::vector<Row> rows {
        { "TaxTotal", "net", yen, "" },
        { "TaxTotal", "net", halfYen, "net " },
        { "TaxTotal", "net", unknown, "net " },
        { "TaxTotal", "percent", "19.00001", "percent " },
        { "TaxTotal", "percent", "", "percent " },
        { "BillSummary", "kind", "receipt", "kind " },
        { "BillSummary", "state", "overdue", "state " },
        { "BillSummary", "period", "2023-13", "period " },
        { "BillSummary", "issued", "2023-02-29", "issued " },
        { "BillSummary", "issued", nullptr, "" },
        { "BillSummary", "periodStart", "2023-11-01", "periodStart " },
        { "BillSummary", "id", nullptr, "id must be a whole number" },
        { "BillLine", "number", 2'147'483'648, "number does not fit 32 bits" },
        { "BillLine", "quantity", "1.1234567", "quantity " },
        { "Grant", "role", "owner", "role " },
        { "Me", "readOnly", "true", "readOnly must be true or false" },
        { "Profile", "taxIds", "DE1", "taxIds must be a list" },
        { "Plan", "currency", "eur", "currency " },
    };
    for (const Row& row : rows) {
        CAPTURE(row.field);
        CAPTURE(json::serialize(row.value));
        const std::string detail = detailWith(row.type, row.field, row.value);
        CHECK(detail.substr(0, row.detail.size()) == row.detail);
        CHECK(detail.empty() == row.detail.empty());
    }
}

TEST_CASE("what is not an object is refused")
{
    for (const std::string_view wrong : { "[]", "7", "null", "\"text\"" }) {
        CAPTURE(wrong);
        CHECK(detailOf(contract::fromText<contract::Me>(wrong)) == "must be an object");
    }
}

TEST_CASE("JSON is read up to a size and a depth, and a fault is named by its byte")
{
    struct Row {
        std::string text;
        std::string outcome;
    };
    const auto nested
        = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
    const std::vector<Row> rows {
        { "{}", "ok" },
        { " {} \r\n\t", "ok" },
        { nested(contract::jsonDepthMax), "ok" },
        { nested(contract::jsonDepthMax + 1), "malformed-input" },
        { std::string(100'000, '['), "malformed-input" },
        { "", "malformed-input" },
        { "{\"a\":1", "malformed-input" },
        { "{} {}", "malformed-input" },
        { "{\"a\":1,}", "malformed-input" },
        { "<html>", "malformed-input" },
        { "{\"a\":\"\xff\"}", "malformed-input" },
        { "\xef\xbb\xbf{}", "malformed-input" },
        { std::string("{}\0", 3), "malformed-input" },
        { "NaN", "malformed-input" },
    };
    for (const Row& row : rows) {
        CAPTURE(row.text.substr(0, 40));
        CHECK(outcomeOf(contract::parseJson(row.text)) == row.outcome);
    }
    CHECK(outcomeOf(contract::parseJson("[1,2]", 5)) == "ok");
    CHECK(outcomeOf(contract::parseJson("[1,23]", 5)) == "too-large");
    CHECK(detailOf(contract::parseJson("[1,x]")).starts_with("not valid JSON at byte 3"));
}
