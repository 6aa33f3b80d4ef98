#include "core/domain/tax_ids.h"
#include "tests/support/results.h"

using namespace quittance;
using namespace quittance::testing;

TEST_CASE("Tax ids are checked by the format of their country")
{
    struct Case {
        std::string country;
        std::string taxId;
        bool isRight;
    };
    const std::vector<Case> cases {
        // The EU, with its prefix
        { "AT", "ATU12345678", true },
        { "AT", "AT12345678", false },
        { "BE", "BE0123456789", true },
        { "BG", "BG123456789", true },
        { "CY", "CY12345678X", true },
        { "CZ", "CZ12345678", true },
        { "DE", "DE123456789", true },
        { "DE", "DE 123 456 789", true },
        { "DE", "DE12345678", false },
        { "DE", "DE1234567890", false },
        { "DE", "123456789", false },
        { "DE", "de123456789", false },
        { "DK", "DK12345678", true },
        { "EE", "EE123456789", true },
        { "ES", "ESB12345678", true },
        { "ES", "ES12345678Z", true },
        { "FI", "FI12345678", true },
        { "FR", "FR12345678901", true },
        { "FR", "FRXX345678901", true },
        { "GR", "EL123456789", true },
        { "GR", "GR123456789", false },
        { "HR", "HR12345678901", true },
        { "HU", "HU12345678", true },
        { "IE", "IE1234567WA", true },
        { "IE", "IE1X23456L", true },
        { "IT", "IT12345678901", true },
        { "LT", "LT123456789012", true },
        { "LU", "LU12345678", true },
        { "LV", "LV12345678901", true },
        { "MT", "MT12345678", true },
        { "NL", "NL123456789B01", true },
        { "NL", "NL123456789X01", false },
        { "PL", "PL1234567890", true },
        { "PT", "PT123456789", true },
        { "RO", "RO12", true },
        { "RO", "RO1", false },
        { "SE", "SE123456789012", true },
        { "SI", "SI12345678", true },
        { "SK", "SK1234567890", true },
        // A firm may be registered in another country too
        { "DE", "ATU12345678", true },
        { "DE", "AT12345678", false },
        { "US", "DE123456789", true },
        { "", "DE123456789", true },
        { "", "DE12", false },
        // Europe outside the EU
        { "GB", "GB123456789", true },
        { "GB", "GBGD123", true },
        { "GB", "XI123456789", true },
        { "GB", "GB12345678", false },
        { "CH", "CHE-123.456.789 MWST", true },
        { "CH", "CHE123456789", true },
        { "CH", "CHE12345678", false },
        { "NO", "NO123456789MVA", true },
        { "NO", "123 456 789", true },
        // The world
        { "US", "12-3456789", true },
        { "US", "123456789", true },
        { "US", "12-345678", false },
        { "IN", "27AAPFU0939F1ZV", true },
        { "IN", "27AAPFU0939F1Z", false },
        { "AU", "51 824 753 556", true },
        { "AU", "51 824 753 55", false },
        { "JP", "T1234567890123", true },
        { "JP", "T123456789012", false },
        { "CA", "123456789RT0001", true },
        { "MX", "ABC010101XX1", true },
        { "BR", "12.345.678/0001-95", false },
        { "BR", "12.345.678 0001-95", true },
        { "KR", "123-45-67890", true },
        { "SG", "M90367450E", true },
        { "SG", "M9036745E", false },
        { "NZ", "123-456-789", true },
        { "AE", "100123456789012", true },
        // A country whose format is not known: anything that looks like an id
        { "KZ", "123456789012", true },
        { "KZ", "AB-12", true },
        { "KZ", "DE12", true },
        { "KZ", "123", false },
        { "KZ", "123456789012345678901", false },
        { "KZ", "12/34", false },
        { "KZ", "Ж1234", false },
        { "", "", false },
    };
    for (const Case& each : cases) {
        CAPTURE(each.country);
        CAPTURE(each.taxId);
        CHECK(
            outcomeOf(checkTaxId(each.country, each.taxId))
            == (each.isRight ? "ok" : "invalid-argument")
        );
    }
}

TEST_CASE("A refusal names the value, the country and the formats")
{
    const std::string detail = detailOf(checkTaxId("NL", "NL1"));
    for (const char* part : { "NL1", "country NL", "NL999999999B99" }) {
        CAPTURE(part);
        CHECK(detail.find(part) != std::string::npos);
    }
    CHECK(detailOf(checkTaxId("DE", std::string("DE1\0002", 5))).find('\0') == std::string::npos);
}

TEST_CASE("The example of a country is one of its tax ids")
{
    struct Case {
        std::string country;
        std::string example;
    };
    const std::vector<Case> cases {
        { "DE", "DE123456789" },
        { "AT", "ATU12345678" },
        { "FR", "FR12345678901" },
        { "GR", "EL123456789" },
        { "CY", "CY12345678X" },
        { "US", "123456789" },
        { "JP", "T1234567890123" },
        { "CN", "" },
        { "", "" },
    };
    for (const Case& row : cases) {
        CAPTURE(row.country);
        CHECK(exampleTaxId(row.country) == row.example);
        if (!row.example.empty())
            CHECK(outcomeOf(checkTaxId(row.country, row.example)) == "ok");
    }
}
