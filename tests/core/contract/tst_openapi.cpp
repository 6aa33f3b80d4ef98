#include "tests/core/contract/examples.h"
#include "tests/support/results.h"

#include <doctest/doctest.h>

#include <map>
#include <set>
#include <sstream>

using namespace quittance;
using namespace quittance::testing;

namespace {

/// What openapi.yaml says of one object: its closed list of fields, twice.
struct Schema {
    std::vector<std::string> required;
    std::vector<std::string> properties;
    bool closed = false;
};

std::vector<std::string> listOf(std::string text)
{
    std::vector<std::string> names;
    std::istringstream stream(text.substr(text.find('[') + 1));
    while (std::getline(stream, text, ',')) {
        const std::size_t begin = text.find_first_not_of(' ');
        names.push_back(text.substr(begin, text.find_first_of(" ]", begin) - begin));
    }
    return names;
}

std::size_t indentOf(const std::string& line)
{
    return line.find_first_not_of(' ');
}

/// The object schemas of the file. Its layout is regular: names at four spaces, their keys at six,
/// their fields at eight.
std::map<std::string, Schema> readSchemas()
{
    std::map<std::string, Schema> schemas;
    std::istringstream stream(fileText("core/contract/openapi.yaml"));
    std::string line;
    while (std::getline(stream, line) && line != "  schemas:") { }
    std::string name;
    bool inProperties = false;
    while (std::getline(stream, line)) {
        const std::size_t indent = indentOf(line);
        if (indent == std::string::npos || line[indent] == '#')
            continue;
        const std::string key = line.substr(indent, line.find(':') - indent);
        if (indent == 4) {
            name = key;
            inProperties = false;
        } else if (indent == 6) {
            inProperties = key == "properties";
            if (key == "required")
                schemas[name].required = listOf(line);
            if (line == "      additionalProperties: false")
                schemas[name].closed = true;
        } else if (indent == 8 && inProperties) {
            schemas[name].properties.push_back(key);
        }
    }
    return schemas;
}

std::vector<std::string> keysOf(const boost::json::object& object)
{
    std::vector<std::string> keys;
    for (const auto& member : object)
        keys.emplace_back(member.key());
    return keys;
}

} // namespace

TEST_CASE("the codec writes the fields that openapi.yaml lists, all of them and in its order")
{
    const std::map<std::string, Schema> schemas = readSchemas();
    for (const MessageType& type : messageTypes()) {
        CAPTURE(type.name);
        const auto schema = schemas.find(std::string(type.name));
        REQUIRE(schema != schemas.end());
        const boost::json::object written
            = boost::json::parse(valueOf(type.again(exampleText(type.name)))).as_object();
        CHECK(schema->second.required == keysOf(written));
        CHECK(schema->second.properties == keysOf(written));
    }
    const auto price = exampleObject("Plan")["prices"].as_array().front().as_object();
    CHECK(schemas.at("Price").required == keysOf(price));
    CHECK(schemas.at("Money").required == keysOf(exampleObject("Money")));
}

TEST_CASE("every object of openapi.yaml is closed and is a type of the codec")
{
    std::set<std::string> known { "Money", "Price", "Health" };
    for (const MessageType& type : messageTypes())
        known.emplace(type.name);
    std::set<std::string> named;
    for (const auto& [key, schema] : readSchemas()) {
        const std::string& name = key;
        CAPTURE(name);
        CHECK(schema.closed);
        CHECK(schema.required == schema.properties);
        named.insert(name);
    }
    CHECK(named == known);
}
