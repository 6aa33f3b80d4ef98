#include "core/formats/csv.h"
#include "tests/core/formats/format_helpers.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace quittance;
using namespace quittance::formats;
using namespace quittance::testing;
using namespace std::string_literals;

namespace {

Rows readCsv(const std::string& bytes, const CsvOptions& options = {})
{
    auto input = valueOf(Input::fromMemory("file.csv", bytes));
    CsvReader reader(input, options);
    if (const auto opened = reader.open(); !opened)
        return { opened.error().detail };
    return rowsOf(reader);
}

} // namespace

TEST_CASE("CSV rows")
{
    struct Case {
        const char* what;
        std::string bytes;
        Rows rows;
    };
    const std::vector<Case> cases {
        { "plain", "a,b\n1,2\n3,4\n", { "2: a=1 b=2", "3: a=3 b=4", "end" } },
        { "no line end at the end", "a,b\n1,2", { "2: a=1 b=2", "end" } },
        { "no rows", "a,b\n", { "end" } },
        { "header alone", "a,b", { "end" } },
        { "CRLF", "a,b\r\n1,2\r\n3,4\r\n", { "2: a=1 b=2", "3: a=3 b=4", "end" } },
        { "CR", "a,b\r1,2\r3,4", { "2: a=1 b=2", "3: a=3 b=4", "end" } },
        { "byte order mark",
          "\xef\xbb\xbf"
          "a,b\n1,2\n",
          { "2: a=1 b=2", "end" } },
        { "empty fields", "a,b\n,\n,2\n1,\n", { "2: a= b=", "3: a= b=2", "4: a=1 b=", "end" } },
        { "empty lines are passed over",
          "a,b\n\n1,2\n\r\n\n3,4\n\n",
          { "3: a=1 b=2", "6: a=3 b=4", "end" } },
        { "quotes", "a,b\n\"1,5\",\"x \"\"y\"\"\"\n", { "2: a=1,5 b=x \"y\"", "end" } },
        { "a quoted empty field", "a,b\n\"\",\"\"\n", { "2: a= b=", "end" } },
        { "a quoted header", "\"a\",\"b c\"\n1,2\n", { "2: a=1 b c=2", "end" } },
        { "only quotes inside", "a,b\n\"\"\"\",\"\"\"\"\"\"\n", { R"(2: a=" b="")", "end" } },
        { "line ends in quotes",
          "a,b\n\"1\n2\r\n3\",x\n4,5\n",
          { "2: a=1\n2\r\n3 b=x", "5: a=4 b=5", "end" } },
        { "quotes at the end of the input", "a,b\n1,\"2\"", { "2: a=1 b=2", "end" } },
        { "too few",
          "a,b\n1\n3,4\n",
          { "2! has 1 fields where the header has 2", "3: a=3 b=4", "end" } },
        { "too many",
          "a,b\n1,2,3\n3,4\n",
          { "2! has 3 fields where the header has 2", "3: a=3 b=4", "end" } },
        { "a stray quote",
          "a,b\n1\"2,3\n3,4\n",
          { "2! has a quote inside a field that does not begin with one", "3: a=3 b=4", "end" } },
        { "text after a quote",
          "a,b\n\"1\"2,3\n3,4\n",
          { "2! has text after a closing quote", "3: a=3 b=4", "end" } },
        { "a quote never closed takes no good row with it",
          "a,b\n\"1,2\n3,4\n5,6\n",
          { "2! has a quote that is never closed", "3: a=3 b=4", "4: a=5 b=6", "end" } },
        { "a quote closed by a later row",
          "a,b\n\"1,2\n\"3\",4\n5,6\n",
          { "2! has text after a closing quote", "3: a=3 b=4", "4: a=5 b=6", "end" } },
        { "Latin-1",
          "a,b\n1,2\nM\xfcnchen,3\n4,5\n",
          { "2: a=1 b=2", "3! is not UTF-8 text (or has a zero byte)", "4: a=4 b=5", "end" } },
        { "UTF-8", "a,b\nMünchen,数据\n", { "2: a=München b=数据", "end" } },
    };
    for (const auto& each : cases) {
        CAPTURE(each.what);
        CHECK(readCsv(each.bytes) == each.rows);
    }
}

TEST_CASE("A zero byte far into a file is a problem of its row")
{
    auto bytes = "a,b\n"s;
    for (int i = 0; i < 2000; ++i)
        bytes += "1,2\n";
    bytes += "1,\0\n"s + "3,4\n";
    const auto rows = readCsv(bytes);
    REQUIRE(rows.size() == 2003);
    CHECK(rows[2000] == "2002! is not UTF-8 text (or has a zero byte)");
    CHECK(rows[2001] == "2003: a=3 b=4");
}

TEST_CASE("What is no CSV is refused as a whole, and named")
{
    struct Case {
        std::string bytes;
        const char* detail;
    };
    const std::vector<Case> cases {
        { "", "file.csv: is empty; its first line should name the columns" },
        { "\n\n", "file.csv: is empty; its first line should name the columns" },
        { "\xef\xbb\xbf", "file.csv: is empty; its first line should name the columns" },
        { "\xff\xfe"
          "a\0,\0b\0"s,
          "file.csv: is UTF-16 text; save it as UTF-8" },
        { "\xfe\xff\0a\0,\0b"s, "file.csv: is UTF-16 text; save it as UTF-8" },
        { "\xff\xfe\0\0a\0\0\0"s, "file.csv: is UTF-32 text; save it as UTF-8" },
        { "PK\x03\x04zip",
          "file.csv: is a ZIP archive or spreadsheet; unpack it, or save it as CSV" },
        { "\x7f"
          "ELF\x02\x01\x01\0\0\0"s,
          "file.csv: is a program" },
        { "a,b\n1,\0\x01\x02"s,
          "file.csv: is binary, not text (it has zero bytes near its start)" },
        { "a,\"b\n1,2\n",
          "file.csv: the header line is broken: row 1: has a quote that is never closed" },
        { "a,\xfc\n1,2\n",
          "file.csv: the header line is broken: row 1: is not UTF-8 text (or has a zero byte)" },
    };
    for (const auto& each : cases) {
        CAPTURE(each.detail);
        CHECK(readCsv(each.bytes) == Rows { each.detail });
    }
}

TEST_CASE("A truncated archive gives its whole rows, then the error, and no part of a row")
{
    auto text = "a,b\n"s;
    for (int i = 0; i < 100'000; ++i)
        text += std::to_string(i) + "," + std::to_string(i % 977 * 7919) + "\n";
    for (const auto* const filter : { "gzip", "xz" }) {
        CAPTURE(filter);
        auto bytes = packed(text, filter);
        bytes.resize(bytes.size() * 9 / 10);
        const auto rows = readCsv(bytes);
        REQUIRE(rows.size() > 10'000);
        CHECK(rows.back() == "error: malformed-input");
        for (std::size_t i = 0; i + 1 < rows.size(); ++i)
            REQUIRE(
                rows[i]
                == std::to_string(i + 2) + ": a=" + std::to_string(i)
                    + " b=" + std::to_string(i % 977 * 7919)
            );
    }
}

TEST_CASE("Other delimiters, and files without a header line")
{
    CsvOptions options;
    options.delimiter = ';';
    CHECK(readCsv("a;b\n1,5;2\n", options) == Rows { "2: a=1,5 b=2", "end" });
    options.columns = { "x", "y" };
    CHECK(readCsv("1;2\n3;4\n", options) == Rows { "1: x=1 y=2", "2: x=3 y=4", "end" });
    CHECK(readCsv("", options) == Rows { "end" });
}

TEST_CASE("Limits name themselves, and reading goes on")
{
    CsvOptions options;
    options.fieldBytesMax = 10;
    options.recordBytesMax = 600'000;
    options.columnsMax = 3;
    CHECK(
        readCsv("a,b\n12345678901,2\n3,4\n", options)
        == Rows { "2! has a field longer than 10 bytes", "3: a=3 b=4", "end" }
    );
    CHECK(
        readCsv("a,b\n1,2,3,4\n3,4\n", options)
        == Rows { "2! has more than 3 fields", "3: a=3 b=4", "end" }
    );
    // Longer than several blocks of the input: passed over without keeping it.
    const std::string huge(3'000'000, 'x');
    options.fieldBytesMax = huge.size();
    const auto packedHuge = packed("a,b\n1,2\n" + huge + "\n3,4\n", "gzip");
    CHECK(
        readCsv(packedHuge, options)
        == Rows { "2: a=1 b=2", "3! is longer than 600000 bytes (is a quote never closed?)",
                  "4: a=3 b=4", "end" }
    );
}

TEST_CASE("Rows are the same wherever the blocks of the input are cut")
{
    // gzip members of any length make blocks of any length.
    const auto text = "a,b\r\n\"x\"\"y\",\"1\r\n2\"\r\n3,\"4\"\r\n"s;
    const Rows expected { "2: a=x\"y b=1\r\n2", "4: a=3 b=4", "end" };
    for (std::size_t cut = 1; cut < text.size(); ++cut) {
        CAPTURE(cut);
        CHECK(
            readCsv(packed(text.substr(0, cut), "gzip") + packed(text.substr(cut), "gzip"))
            == expected
        );
    }
}

TEST_CASE("What was written is read again as it was")
{
    const std::vector<std::vector<std::string>> rows {
        { "plain", "with, comma", "with \"quotes\"" },
        { "line\nend", "=1+2", "" },
        { "-3.50", "数据", " blanks " },
    };
    std::string out;
    CsvWriter writer(out, CsvWriter::Safety::Exact);
    writer.row({ "a", "b", "c" });
    for (const auto& row : rows)
        writer.row(row);
    auto input = valueOf(Input::fromMemory("again", out));
    CsvReader reader(input, {});
    REQUIRE(reader.open());
    for (const auto& row : rows) {
        REQUIRE(valueOf(reader.next()) == Step::Record);
        const auto values = reader.record().values;
        CHECK(std::vector<std::string>(values.begin(), values.end()) == row);
    }
    CHECK(valueOf(reader.next()) == Step::End);
}

TEST_CASE("A spreadsheet never runs a field as a formula")
{
    std::string out;
    CsvWriter writer(out);
    writer.row({ "=cmd()", "+1 555", "-2+3|x", "@SUM(A1)", "-12.50", "+3", "2023-11-01", "\tx" });
    CHECK(out == "'=cmd(),'+1 555,'-2+3|x,'@SUM(A1),-12.50,+3,2023-11-01,'\tx\r\n");
}
