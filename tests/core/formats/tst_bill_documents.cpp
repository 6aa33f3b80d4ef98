#include "core/formats/bill_csv.h"
#include "core/formats/bill_json.h"
#include "core/formats/bill_pdf.h"
#include "core/formats/csv.h"
#include "tests/core/formats/sample_bill.h"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

using namespace quittance;
using namespace quittance::formats;
using namespace quittance::testing;

namespace {

BillPrint northlake()
{
    return billPrint(valueOf(readBrand("resources/brand/northlake.json")), "northlake-de");
}

struct PipeClose {
    void operator()(FILE* pipe) const { pclose(pipe); }
};

/// The words of a PDF as poppler reads them, a form feed after each page.
std::string pdfText(const std::string& pdf)
{
    const auto path
        = std::filesystem::temp_directory_path() / fmt::format("quittance-bill-{}.pdf", getpid());
    std::ofstream(path, std::ios::binary) << pdf;
    std::string out;
    {
        const std::unique_ptr<FILE, PipeClose> pipe(
            popen(("pdftotext -layout " + path.string() + " -").c_str(), "r")
        );
        REQUIRE(pipe);
        std::array<char, 4096> block {};
        for (std::size_t count = 0; (count = fread(block.data(), 1, block.size(), pipe.get())) > 0;)
            out.append(block.data(), count);
    }
    std::filesystem::remove(path);
    return out;
}

bool has(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

/// "2 / 3"; poppler takes the narrow blanks for none.
bool hasPage(const std::string& text, int page, std::ptrdiff_t pages)
{
    return has(text, fmt::format(" {}/{}\n", page, pages))
        || has(text, fmt::format(" {} / {}\n", page, pages));
}

} // namespace

TEST_CASE("A bill as CSV: its lines, taxes and total, and amounts that sum")
{
    auto bill = sampleBill(5);
    bill.lines[1].name = R"(=HYPERLINK("x"), "quoted")";
    auto input = valueOf(Input::fromMemory("bill.csv", valueOf(billCsv(bill))));
    CsvReader reader(input, {});
    REQUIRE(reader.open());
    const std::vector<std::string> names(reader.names().begin(), reader.names().end());
    const auto column = [&](const char* name) {
        const auto found = std::ranges::find(names, name);
        REQUIRE(found != names.end());
        return std::string(reader.record().values[static_cast<std::size_t>(found - names.begin())]);
    };
    Money sum { 0, bill.summary.net.currency };
    for (const auto& line : bill.lines) {
        REQUIRE(valueOf(reader.next()) == Step::Record);
        CHECK(column("kind") == "line");
        CHECK(column("bill") == "NL-2023-000123");
        CHECK(column("name") == (line.number == 2 ? "'" + line.name : line.name));
        CHECK(column("period_start") == "2023-10-31T23:00:00Z");
        sum = valueOf(add(sum, valueOf(parseMoney(column("net"), column("currency")))));
    }
    CHECK(sum == bill.summary.net);
    REQUIRE(valueOf(reader.next()) == Step::Record);
    CHECK(column("kind") == "tax");
    CHECK(column("tax_percent") == "19");
    CHECK(column("tax") == amountText(bill.summary.tax));
    REQUIRE(valueOf(reader.next()) == Step::Record);
    CHECK(column("kind") == "total");
    CHECK(column("total") == amountText(bill.summary.total));
    CHECK(valueOf(reader.next()) == Step::End);
}

TEST_CASE("A bill as JSON")
{
    const auto bill = sampleBill(2);
    const auto document = boost::json::parse(valueOf(billJson(bill)));
    CHECK(document.at("number") == "NL-2023-000123");
    CHECK(document.at("account") == "Acme Research");
    CHECK(document.at("period") == "2023-11");
    CHECK(document.at("issued") == "2023-12-01");
    CHECK(document.at("due") == "2023-12-15");
    CHECK(
        document.at("total")
        == boost::json::value { { "amount", amountText(bill.summary.total) },
                                { "currency", "USD" } }
    );
    CHECK(document.at("buyer").at("purchaseOrder") == "PO-4711");
    const auto& line = document.at("lines").at(0);
    CHECK(line.at("meterQuantity") == "1234.567891");
    CHECK(line.at("rate") == "2.95");
    CHECK(line.at("discountPercent") == "8");
    CHECK(line.at("taxPercent") == "19");
    CHECK(document.at("lines").as_array().size() == 2);
    CHECK(document.at("taxes").at(0).at("percent") == "19");
    // What changes after issue is no part of the document.
    CHECK(!document.as_object().contains("state"));
    const auto shown = boost::json::parse(valueOf(billJson(bill, BillJsonContent::WithState)));
    CHECK(shown.at("state") == "open");
    CHECK(shown.at("open") == shown.at("total"));
}

TEST_CASE("A line without a single rate has its steps in every document")
{
    auto bill = sampleBill(1);
    for (const auto& line : steppedLines(2))
        bill.lines.push_back(line);
    completeBill(bill);
    CHECK(amountText(bill.lines[1].amount) == "7.51"); // (5 + 1.3499865 + 2) x 0.9 = 7.51498785
    const auto document = boost::json::parse(valueOf(billJson(bill)));
    CHECK(!document.at("lines").at(0).as_object().contains("steps"));
    const auto& steps = document.at("lines").at(1).at("steps").as_array();
    REQUIRE(steps.size() == 5);
    CHECK(document.at("lines").at(1).at("rate") == "");
    CHECK(steps[0].at("kind") == "free");
    CHECK(steps[0].at("quantity") == "10");
    CHECK(steps[2].at("tier") == 2);
    CHECK(steps[2].at("amount") == "1.3499865");
    CHECK(steps[4].at("percent") == "10");
    CHECK(steps[4].at("amount") == "-0.83499865");
    CHECK(document.at("lines").at(2).at("steps").at(1).at("amount") == "-7.51");
    const auto csv = valueOf(billCsv(bill));
    CHECK(csv.find(",150.5,k calls,,0,") != std::string::npos); // no rate
    const auto text = pdfText(valueOf(billPdf(bill, northlake())));
    for (const auto* const part :
         { "10 k calls free = 0.00", "100 k calls × 0.05 (tier 1) = 5.00",
           "40.5 k calls × 0.033333 (tier 2) = 1.3499865", "Flat amount (tier 2) = 2.00",
           "Launch offer, 10% = -0.83499865", "API commitment", "Committed amount = 1,000.00",
           "Charges that it covers = -7.51", "992.49" }) {
        CAPTURE(part);
        CHECK(has(text, part));
    }
}

TEST_CASE("A line that corrects another bill names it in every document")
{
    auto bill = sampleBill(1);
    auto late = steppedLines(2).front();
    late.quantity = 500;
    late.period = { valueOf(parseInstant("2023-09-30T22:00:00Z")),
                    valueOf(parseInstant("2023-10-31T23:00:00Z")) };
    late.corrects = { 40, "NL-2023-000001", valueOf(parseMonth("2023-10")) };
    PriceStep billed;
    billed.kind = StepKind::Billed;
    billed.name = "NL-2023-000001";
    billed.rate = valueOf(parseRate("7.50"));
    late.steps.push_back(billed);
    const auto plain = valueOf(billCsv(bill));
    CHECK(plain.find("corrects") == std::string::npos);
    bill.lines.push_back(late);
    completeBill(bill);
    CHECK(amountText(bill.lines[1].amount) == "0.01"); // 7.51498785 is 7.51
    const auto document = boost::json::parse(valueOf(billJson(bill)));
    CHECK(!document.at("lines").at(0).as_object().contains("corrects"));
    const auto& line = document.at("lines").at(1);
    CHECK(line.at("corrects").at("bill") == "NL-2023-000001");
    CHECK(line.at("corrects").at("period") == "2023-10");
    CHECK(line.at("quantity") == "0.5");
    CHECK(line.at("steps").at(5).at("kind") == "billed");
    CHECK(line.at("steps").at(5).at("name") == "NL-2023-000001");
    const auto csv = valueOf(billCsv(bill));
    CHECK(csv.find(",currency,corrects\r\n") != std::string::npos);
    CHECK(csv.find(",0.01,,,USD,NL-2023-000001\r\n") != std::string::npos);
    const auto text = pdfText(valueOf(billPdf(bill, northlake())));
    for (const auto* const part :
         { "Correction of NL-2023-000001, October 2023: Model API",
           "Rounded, less 7.50 billed by NL-2023-000001 =", "1 October 2023 to 31 October 2023" }) {
        CAPTURE(part);
        CHECK(has(text, part));
    }
}

TEST_CASE("A draft as JSON has no number and no dates")
{
    auto bill = sampleBill(1);
    bill.summary.number.clear();
    bill.summary.issued.reset();
    bill.summary.due.reset();
    const auto document = boost::json::parse(valueOf(billJson(bill)));
    CHECK(document.at("number").is_null());
    CHECK(document.at("issued").is_null());
    CHECK(document.at("due").is_null());
}

TEST_CASE("A bill as PDF says all that the bill says")
{
    const auto bill = sampleBill(6);
    const auto text = pdfText(valueOf(billPdf(bill, northlake())));
    for (const auto* const part : { "Northlake",
                                    "Invoice",
                                    "NL-2023-000123",
                                    "November 2023",
                                    "Europe/Berlin",
                                    "1 December 2023",
                                    "15 December 2023",
                                    "Acme Research Ltd",
                                    "Cambridge CB4 0WA",
                                    "GB123456789",
                                    "PO-4711",
                                    "Team Vision",
                                    "Northlake Cloud GmbH",
                                    "Speicherstrasse 14",
                                    "DE136695976",
                                    "GPU pods",
                                    "Model API",
                                    "H100 pods, group 6.",
                                    "GPU-h",
                                    "2.95",
                                    "-8%",
                                    "Commitment discount",
                                    "VAT 19%",
                                    "IBAN DE02",
                                    "Reference NL-2023-000123" }) {
        CAPTURE(std::string(part));
        CHECK(has(text, part));
    }
    CHECK(has(text, amountText(bill.lines.front().amount)));
    CHECK(has(text, "To be paid by 15 December 2023"));
    CHECK(!has(text, "DRAFT"));
}

TEST_CASE("The same bill is the same PDF, byte for byte")
{
    const auto bill = sampleBill(40);
    const auto first = valueOf(billPdf(bill, northlake()));
    CHECK(first.starts_with("%PDF-"));
    CHECK(first == valueOf(billPdf(bill, northlake())));
    auto other = bill;
    other.lines.front().name += "!";
    CHECK(first != valueOf(billPdf(other, northlake())));
}

TEST_CASE("A long bill has pages, each numbered, and no line is lost")
{
    for (const auto count : { 0, 1, 10, 17, 18, 19, 20, 21, 22, 23, 24, 25, 120 }) {
        CAPTURE(count);
        const auto text = pdfText(valueOf(billPdf(sampleBill(count), northlake())));
        const auto pages = std::count(text.begin(), text.end(), '\f');
        for (int page = 1; page <= pages; ++page)
            CHECK(hasPage(text, page, pages));
        CHECK(!hasPage(text, static_cast<int>(pages) + 1, pages));
        for (int line = 1; line <= count; ++line)
            CHECK(has(text, fmt::format("group {}.", line)));
        CHECK((pages > 3) == (count == 120));
    }
}

TEST_CASE("Every script, and names longer than a line")
{
    auto bill = sampleBill(1);
    bill.buyer.legalName = "株式会社アクメ研究所";
    bill.buyer.addressLines = { "Αθήνα", "Москва", "القاهرة", "ירושלים", "กรุงเทพ" };
    bill.lines.front().name
        = "A very long product name that does not fit into one line of the table, "
          "and_a_word_without_any_blank_that_is_longer_than_the_column_of_the_table_is_wide";
    const auto text = pdfText(valueOf(billPdf(bill, northlake())));
    for (const auto* const part :
         { "株式会社アクメ研究所", "Αθήνα", "Москва", "กรุงเทพ", "A very long product name" }) {
        CAPTURE(std::string(part));
        CHECK(has(text, part));
    }
}

TEST_CASE("A draft is marked, a credit note asks for no money")
{
    auto draft = sampleBill(2);
    draft.summary.number.clear();
    draft.summary.issued.reset();
    draft.summary.due.reset();
    const auto draftText = pdfText(valueOf(billPdf(draft, northlake())));
    CHECK(has(draftText, "Draft, not issued"));
    CHECK(!has(draftText, "Reference NL"));

    auto credit = sampleBill(2);
    credit.summary.kind = DocumentKind::CreditNote;
    const auto creditText = pdfText(valueOf(billPdf(credit, northlake())));
    CHECK(has(creditText, "Credit note"));
    CHECK(has(creditText, "Credited to you"));
    CHECK(!has(creditText, "IBAN"));
}

TEST_CASE("Currencies without decimals and with three")
{
    for (const auto* const code : { "JPY", "KWD" }) {
        CAPTURE(code);
        auto bill = sampleBill(3);
        bill.summary.total.currency = valueOf(Currency::find(code));
        completeBill(bill);
        const auto text = pdfText(valueOf(billPdf(bill, northlake())));
        CHECK(has(text, amountText(bill.lines.front().amount)));
        CHECK(has(text, fmt::format("Amount, {}", code)));
    }
}

TEST_CASE("A brand without a picture, or with a broken one, prints without it")
{
    auto print = northlake();
    print.logoSvg = "<svg";
    CHECK(has(pdfText(valueOf(billPdf(sampleBill(1), print))), "Northlake"));
    print.logoSvg.clear();
    CHECK(has(pdfText(valueOf(billPdf(sampleBill(1), print))), "Northlake"));
}

TEST_CASE("What is printed of a legal entity")
{
    const auto brand = valueOf(readBrand("resources/brand/northlake.json"));
    CHECK(billPrint(brand, "northlake-us").taxNote == "Not subject to VAT");
    CHECK(billPrint(brand, "northlake-de").bankLines.size() == 3);
    CHECK(billPrint(brand, "nobody").bankLines == billPrint(brand, "northlake-de").bankLines);
}
