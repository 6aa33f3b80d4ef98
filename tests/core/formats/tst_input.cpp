#include "core/formats/csv.h"
#include "core/formats/input.h"
#include "tests/core/formats/format_helpers.h"

#include <archive.h>
#include <archive_entry.h>
#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace quittance::testing {

std::string packed(const std::string& bytes, const char* filter)
{
    constexpr std::size_t room = std::size_t { 64 } * 1024;
    std::string out(bytes.size() + room, '\0');
    std::size_t used = 0;
    auto* const handle = archive_write_new();
    REQUIRE(archive_write_add_filter_by_name(handle, filter) == ARCHIVE_OK);
    archive_write_set_format_raw(handle);
    archive_write_set_bytes_in_last_block(handle, 1);
    REQUIRE(archive_write_open_memory(handle, out.data(), out.size(), &used) == ARCHIVE_OK);
    auto* const entry = archive_entry_new();
    archive_entry_set_filetype(entry, AE_IFREG);
    REQUIRE(archive_write_header(handle, entry) == ARCHIVE_OK);
    REQUIRE(
        archive_write_data(handle, bytes.data(), bytes.size())
        == static_cast<la_ssize_t>(bytes.size())
    );
    archive_entry_free(entry);
    archive_write_close(handle);
    archive_write_free(handle);
    out.resize(used);
    return out;
}

} // namespace quittance::testing

using namespace quittance;
using namespace quittance::formats;
using namespace quittance::testing;

namespace {

struct ReadAll {
    std::string bytes;
    std::string outcome = "ok";
    std::string detail;
};

ReadAll readAll(Input& input)
{
    ReadAll out;
    while (true) {
        const auto block = input.read();
        if (!block) {
            out.outcome = wireName(block.error().code);
            out.detail = block.error().detail;
            return out;
        }
        if (block->empty())
            return out;
        out.bytes += *block;
    }
}

ReadAll readMemory(std::string bytes)
{
    auto input = valueOf(Input::fromMemory("memory", std::move(bytes)));
    return readAll(input);
}

std::string manyRows(int rows)
{
    std::string out = "a,b\n";
    for (int i = 0; i < rows; ++i)
        out += std::to_string(i * 7919) + "," + std::to_string(i) + "\n";
    return out;
}

/// A file that is gone at the end of the test.
class TemporaryFile {
public:
    explicit TemporaryFile(const std::string& bytes)
        : m_path(
            std::filesystem::temp_directory_path() / ("quittance-input-" + std::to_string(getpid()))
        )
    {
        std::ofstream(m_path, std::ios::binary) << bytes;
    }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    ~TemporaryFile() { std::filesystem::remove(m_path); }
    [[nodiscard]] std::string path() const { return m_path.string(); }

private:
    std::filesystem::path m_path;
};

} // namespace

TEST_CASE("An input gives the plain bytes, whatever it is packed with")
{
    const auto text = manyRows(100'000);
    CHECK(readMemory(text).bytes == text);
    CHECK(readMemory(packed(text, "gzip")).bytes == text);
    CHECK(readMemory(packed(text, "xz")).bytes == text);
    const auto two = packed("a,b\n", "gzip") + packed("1,2\n", "gzip");
    CHECK(readMemory(two).bytes == "a,b\n1,2\n");
    const auto empty = readMemory("");
    CHECK(empty.outcome == "ok");
    CHECK(empty.bytes.empty());
}

TEST_CASE("An input tells how far it is, in bytes of the file as it lies there")
{
    const auto bytes = packed(manyRows(50'000), "gzip");
    const TemporaryFile file(bytes);
    auto input = valueOf(Input::open(file.path()));
    CHECK(input.name() == file.path());
    CHECK(input.sizeBytes() == static_cast<std::int64_t>(bytes.size()));
    CHECK(readAll(input).outcome == "ok");
    CHECK(input.bytesRead() == static_cast<std::int64_t>(bytes.size()));
}

TEST_CASE("An archive that ends early is an error, after the bytes that came before")
{
    const auto text = manyRows(200'000);
    for (const auto* const filter : { "gzip", "xz" }) {
        CAPTURE(filter);
        const auto whole = packed(text, filter);
        const auto cut = readMemory(whole.substr(0, whole.size() * 9 / 10));
        CHECK(cut.outcome == "malformed-input");
        CHECK(
            cut.detail
            == "memory: the compressed data ends early, after " + std::to_string(cut.bytes.size())
                + " good bytes"
        );
        CHECK(cut.bytes.size() > text.size() / 2);
        CHECK(text.starts_with(cut.bytes));
        // Even a few bytes of it are an error, not an empty file.
        CHECK(readMemory(whole.substr(0, 40)).outcome == "malformed-input");
    }
}

TEST_CASE("Of a small archive that ends early, what came before is kept too")
{
    const auto whole = packed(manyRows(1000), "gzip");
    const auto cut = readMemory(whole.substr(0, whole.size() - 100));
    CHECK(cut.outcome == "malformed-input");
    CHECK(cut.bytes.size() > manyRows(1000).size() / 2);
}

TEST_CASE("A damaged archive is an error")
{
    auto bytes = packed(manyRows(50'000), "gzip");
    bytes[bytes.size() / 2] = static_cast<char>(~bytes[bytes.size() / 2]);
    CHECK(readMemory(bytes).outcome == "malformed-input");
}

TEST_CASE("An error stays")
{
    const auto whole = packed(manyRows(1000), "gzip");
    auto input = valueOf(Input::fromMemory("memory", whole.substr(0, whole.size() / 2)));
    CHECK(readAll(input).outcome == "malformed-input");
    CHECK(readAll(input).outcome == "malformed-input");
}

TEST_CASE("A file that cannot be opened names itself")
{
    const auto missing = Input::open("/nonexistent/usage.csv");
    REQUIRE(!missing);
    CHECK(missing.error().code == ErrorCode::NotFound);
    CHECK(
        missing.error().detail
        == "/nonexistent/usage.csv: cannot be opened: No such file or directory"
    );
    CHECK(outcomeOf(Input::open("/")) == "invalid-argument");
}
