#include "backend/usage/import.h"
#include "tests/backend/usage/usage_world.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

#include <csignal>
#include <fstream>
#include <iterator>
#include <random>
#include <thread>

using namespace quittance;
using namespace quittance::backend;
using namespace quittance::testing;
using database::Transaction;

namespace {

constexpr std::string_view callsMapping = R"({
    "source": "calls", "format": "csv", "account": {"column": "account"}, "id": ["id"],
    "sku": {"column": "sku", "map": {"a": "model-a", "b": "model-b"}},
    "time": {"format": "local", "zone": "Europe/Berlin"},
    "start": {"column": "from"}, "end": {"column": "to"},
    "measures": [{"meter": "calls", "quantity": {"column": "calls"}}],
    "skip": [{"column": "sku", "equals": "free", "reason": "free of charge"}]
})";

constexpr std::string_view noIdMapping = R"({
    "source": "tokens", "format": "csv",
    "account": {"name": "Made by mapping", "currency": "EUR", "timeZone": "Europe/Berlin", "plan": "standard"},
    "start": {"column": "when", "format": "rfc3339"},
    "measures": [{"meter": "input-tokens", "quantity": {"column": "in"}},
                 {"meter": "output-tokens", "quantity": {"column": "out"}}]
})";

constexpr std::string_view header = "id,account,sku,from,to,calls\n";
constexpr std::string_view goodRow = "g1,acme,a,2023-11-16 10:00:00,2023-11-16 11:00:00,5\n";

formats::UsageMapping mapping(std::string_view text)
{
    return valueOf(formats::parseUsageMapping(text));
}

std::string contentOf(const std::filesystem::path& path)
{
    std::ifstream file(path, std::ios::binary);
    return { std::istreambuf_iterator<char>(file), {} };
}

std::string gzipped(const std::string& plain, const std::filesystem::path& folder)
{
    const auto path = (folder / "packed.gz").string();
    gzFile file = gzopen(path.c_str(), "wb");
    REQUIRE(file != nullptr);
    REQUIRE(gzwrite(file, plain.data(), static_cast<unsigned>(plain.size())) > 0);
    gzclose(file);
    return contentOf(path);
}

/// A world with the account "acme" and a folder for files.
class ImportWorld : public UsageWorld {
public:
    explicit ImportWorld(TestDatabase& db)
        : UsageWorld(db)
    {
        account("acme", "Europe/Berlin");
    }

    std::string file(const std::string& name, std::string_view content)
    {
        const auto path = m_folder.path() / name;
        std::ofstream(path, std::ios::binary) << content;
        return path.string();
    }

    Result<> import(
        const std::vector<std::string>& inputs, std::string_view mappingText = callsMapping,
        const std::string& account = ""
    )
    {
        ImportOptions options;
        options.mapping = mapping(mappingText);
        options.account = account;
        options.inputs = inputs;
        options.rejects = rejectsPath();
        return importUsage(context(), commandLine, options, {}, cancelled, report);
    }

    [[nodiscard]] std::filesystem::path rejectsPath() const
    {
        return m_folder.path() / "rejects.csv";
    }
    [[nodiscard]] const std::filesystem::path& folder() const { return m_folder.path(); }

    Int128 quantityOf(const std::string& meter)
    {
        Int128 sum = 0;
        for (const UsageTotal& total : totals())
            sum += total.meter == meter ? total.quantity : 0;
        return sum;
    }

    ImportReport report;
    std::atomic<bool> cancelled = false;

private:
    TemporaryFolder m_folder;
};

std::string manyRows(int count)
{
    std::string text(header);
    for (int i = 0; i < count; ++i)
        text += fmt::format(
            "row-{},acme,a,2023-11-{:02} 10:00:00,2023-11-{:02} 11:00:00,1\n", i, 1 + i % 28,
            1 + i % 28
        );
    return text;
}

} // namespace

TEST_CASE("Bad rows go to the rejects file with row and reason, good ones are stored")
{
    struct Case {
        std::string what;
        std::string row;
        std::string reason;
    };
    const std::vector<Case> cases {
        { "end before start", "x,acme,a,2023-11-16 10:00:00,2023-11-16 09:59:59,1",
          "is before the start" },
        { "negative quantity", "x,acme,a,2023-11-16 10:00:00,2023-11-16 11:00:00,-1",
          "is negative" },
        { "huge quantity",
          "x,acme,a,2023-11-16 10:00:00,2023-11-16 11:00:00,99999999999999999999999",
          "is larger than" },
        { "a large quantity", "x,acme,a,2023-11-16 10:00:00,2023-11-16 11:00:00,99999999999999999",
          "is larger than 9000000000000000" },
        { "no number", "x,acme,a,2023-11-16 10:00:00,2023-11-16 11:00:00,many", "is not a number" },
        { "the number of an account", "x,1,a,2023-11-16 10:00:00,2023-11-16 11:00:00,1",
          "account '1' does not exist" },
        { "unknown account", "x,nobody,a,2023-11-16 10:00:00,2023-11-16 11:00:00,1",
          "account 'nobody' does not exist" },
        { "unknown SKU", "x,acme,c,2023-11-16 10:00:00,2023-11-16 11:00:00,1",
          "is not in the mapping's map" },
        { "a time that summer time skips", "x,acme,a,2024-03-31 02:30:00,2024-03-31 04:00:00,1",
          "2024-03-31" },
        { "a time that happens twice", "x,acme,a,2023-10-29 02:30:00,2023-10-29 04:00:00,1",
          "2023-10-29" },
        { "too few fields", "x,acme,a,2023-11-16 10:00:00", "fields" },
        { "an open quote", "x,\"acme,a,2023-11-16 10:00:00,2023-11-16 11:00:00,1", "quote" },
        { "Latin-1", "x,acme,a\xe9,2023-11-16 10:00:00,2023-11-16 11:00:00,1", "UTF-8" },
        { "no id", ",acme,a,2023-11-16 10:00:00,2023-11-16 11:00:00,1", "is empty" },
        { "no such day", "x,acme,a,2023-02-30 10:00:00,2023-03-01 11:00:00,1", "2023-02-30" },
        { "the same id with other content", "g1,acme,a,2023-11-16 10:00:00,2023-11-16 11:00:00,6",
          "already there with other content" },
    };
    forEachDatabase([&](TestDatabase& db) {
        ImportWorld world(db);
        CHECK(
            detailOf(
                world.import({ world.file("good.csv", std::string(header) + std::string(goodRow)) })
            )
            == ""
        );
        CHECK(world.report.accepted == 1);
        CHECK(world.report.rejects.empty());
        CHECK(!std::filesystem::exists(world.rejectsPath()));
        int number = 0;
        for (const Case& each : cases) {
            CAPTURE(each.what);
            const std::string next
                = fmt::format("n{},acme,b,2023-11-16 10:00:00,2023-11-16 11:00:00,1\n", ++number);
            const auto input = world.file(
                "bad.csv", std::string(header) + std::string(goodRow) + each.row + "\n" + next
            );
            CHECK(detailOf(world.import({ input })) == "");
            CHECK(world.report.rows == 3);
            CHECK(world.report.accepted == 1);
            CHECK(world.report.repeated == 1);
            CHECK(world.report.rejectedRows == 1);
            CHECK(world.report.rejects == world.rejectsPath());
            const std::string rejects = contentOf(world.rejectsPath());
            CAPTURE(rejects);
            CHECK(rejects.starts_with("input,row,column,value,reason,raw\r\n"));
            CHECK(rejects.find("bad.csv,3,") != std::string::npos);
            CHECK(rejects.find(each.reason) != std::string::npos);
            CHECK(rejects.find(each.row.substr(0, 2)) != std::string::npos);
        }
        CHECK(world.quantityOf("calls") == 5 + number);
        CHECK(world.faults().empty());
    });
}

TEST_CASE("Inputs that are no such file end the import with one clear line, after what was good")
{
    struct Case {
        std::string what;
        std::string name;
        std::string content;
        std::string outcome;
        std::int64_t accepted;
    };
    forEachDatabase([&](TestDatabase& db) {
        ImportWorld world(db);
        std::string text = manyRows(25'000);
        std::mt19937 chance(5);
        for (char& byte : text) // so that packing leaves something to cut off
            if (byte == ' ' && chance() % 2 == 0)
                byte = 'T';
        std::string packed = gzipped(manyRows(25'000), world.folder());
        packed.resize(packed.size() * 9 / 10);
        std::string utf16;
        for (const char c : std::string(header)) {
            utf16 += c;
            utf16 += '\0';
        }
        const std::vector<Case> cases {
            { "a truncated archive", "cut.csv.gz", packed, "malformed-input", -1 },
            { "binary", "a.csv",
              std::string(
                  "\x7f"
                  "ELF\0\1\2\3\0\xff",
                  10
              ),
              "malformed-input", 0 },
            { "UTF-16", "b.csv", "\xff\xfe" + utf16, "malformed-input", 0 },
            { "empty", "c.csv", "", "malformed-input", 0 },
            { "another header", "d.csv", "id,account\n1,acme\n", "invalid-argument", 0 },
            { "a byte order mark", "e.csv",
              "\xef\xbb\xbf" + std::string(header) + std::string(goodRow), "ok", 1 },
            { "no line end at the end", "f.csv",
              std::string(header) + "g2,acme,a,2023-11-16 10:00:00,2023-11-16 11:00:00,5", "ok",
              1 },
            { "nothing but a header", "g.csv", std::string(header), "ok", 0 },
        };
        for (const Case& each : cases) {
            CAPTURE(each.what);
            const auto done = world.import({ world.file(each.name, each.content) });
            CHECK(outcomeOf(done) == each.outcome);
            if (!done)
                CHECK(detailOf(done).find(each.name) != std::string::npos);
            if (each.accepted >= 0) {
                CHECK(world.report.accepted == each.accepted);
            } else {
                CHECK(world.report.accepted > 0);
                CHECK(world.report.accepted < 25'000);
                const auto before = world.report.accepted;
                // The whole file later: what is there repeats, the rest is added.
                CHECK(detailOf(world.import({ world.file("whole.csv", manyRows(25'000)) })) == "");
                CHECK(world.report.repeated == before);
                CHECK(world.report.accepted == 25'000 - before);
            }
        }
        CHECK(outcomeOf(world.import({ (world.folder() / "absent.csv").string() })) == "not-found");
        CHECK(world.faults().empty());
    });
}

TEST_CASE("A row that makes the sum of a day too large is refused alone")
{
    forEachDatabase([](TestDatabase& db) {
        ImportWorld world(db);
        constexpr int rows = 1'100;
        constexpr int fitting = 999;
        std::string text(header);
        for (int i = 0; i < rows; ++i)
            text += fmt::format(
                "h{},acme,a,2023-11-16 10:00:00,2023-11-16 11:00:00,9000000000000000\n", i
            );
        text += "next day,acme,a,2023-11-17 10:00:00,2023-11-17 11:00:00,9000000000000000\n";
        const auto input = world.file("huge.csv", text);
        CHECK(detailOf(world.import({ input })) == "");
        CHECK(world.report.accepted == fitting + 1);
        CHECK(world.report.rejectedRows == rows - fitting);
        CHECK(contentOf(world.rejectsPath()).find("is too large") != std::string::npos);
        CHECK(world.quantityOf("calls") == Int128 { 9'000'000'000'000'000 } * (fitting + 1));
        CHECK(world.faults().empty());
    });
}

TEST_CASE("A mapping's account is found by its name, never by another's number")
{
    forEachDatabase([](TestDatabase& db) {
        ImportWorld world(db);
        const std::string input = world.file("a.csv", "when,in,out\n2023-11-16T10:00:00Z,3,4\n");
        std::string numbered(noIdMapping);
        numbered.replace(numbered.find("Made by mapping"), 15, "1");
        CHECK(detailOf(world.import({ input }, numbered)) == "");
        CHECK(world.report.createdAccounts == std::vector<std::string> { "1" });
        REQUIRE(world.totals().size() == 2);
        CHECK(world.totals().front().accountName == "1");
    });
}

TEST_CASE("A mapping's account keeps its currency: another is refused before a row is read")
{
    forEachDatabase([](TestDatabase& db) {
        ImportWorld world(db);
        const std::string input = world.file("a.csv", "when,in,out\n2023-11-16T10:00:00Z,3,4\n");
        REQUIRE(detailOf(world.import({ input }, noIdMapping)) == "");
        std::string other(noIdMapping);
        other.replace(other.find("EUR"), 3, "USD");
        CHECK(
            detailOf(world.import({ input }, other))
            == "account 'Made by mapping' has EUR, the mapping says USD"
        );
    });
}

TEST_CASE("The rejects file is none of the inputs, by whatever path")
{
    forEachDatabase([](TestDatabase& db) {
        ImportWorld world(db);
        const std::string text
            = std::string(header) + "x,acme,a,never,2023-11-16 11:00:00,5\n" + std::string(goodRow);
        const std::string input = world.file("rejects.csv", text);
        std::filesystem::create_symlink(input, world.folder() / "link.csv");
        for (const std::string& path : { input, (world.folder() / "link.csv").string() }) {
            CAPTURE(path);
            CHECK(outcomeOf(world.import({ path })) == "invalid-argument");
            CHECK(contentOf(input) == text);
        }
        CHECK(world.totals().empty());
    });
}

TEST_CASE("A project is there from its first use, once in each account")
{
    forEachDatabase([](TestDatabase& db) {
        ImportWorld world(db);
        const AccountId acme
            = world.read([](Transaction& tx) { return findAccountByName(tx, "acme"); }).id;
        std::vector<UsageEvent> events;
        for (const std::string project : { "vision", "", "speech", "vision" }) {
            events.push_back(call(acme, fmt::format("p{}", events.size()), "2023-11-16T10:00:00Z"));
            events.back().project = project;
        }
        for (int i = 0; i < 2; ++i) {
            REQUIRE(world.add(events).refused.empty());
            const auto projects
                = world.read([&](Transaction& tx) { return listProjects(tx, acme); });
            REQUIRE(projects.size() == 2);
            CHECK(projects[0].name == "speech");
            CHECK(projects[1].name == "vision");
        }
    });
}

TEST_CASE("Where one input is absent, nothing is made: no account, no meter, no usage")
{
    forEachDatabase([](TestDatabase& db) {
        ImportWorld world(db);
        const std::string good = world.file("good.csv", "when,in,out\n2023-11-16T10:00:00Z,3,4\n");
        const auto done
            = world.import({ good, (world.folder() / "absent.csv").string() }, noIdMapping);
        CHECK(outcomeOf(done) == "not-found");
        CHECK(detailOf(done).find("absent.csv") != std::string::npos);
        CHECK(world.report.createdAccounts.empty());
        const auto accounts = valueOf(db->read(listAccounts));
        CHECK(std::ranges::count(accounts, "Made by mapping", &AccountRecord::name) == 0);
        CHECK(world.totals().empty());
    });
}

TEST_CASE("Refused rows go to a pipe or through a link as they are, never in place of it")
{
    forEachDatabase([](TestDatabase& db) {
        ImportWorld world(db);
        const std::string bad
            = world.file("bad.csv", std::string(header) + "x,acme,a,never,2023-11-16 11:00:00,5\n");
        std::filesystem::create_symlink("real.csv", world.rejectsPath());
        REQUIRE(detailOf(world.import({ bad })) == "");
        CHECK(std::filesystem::is_symlink(world.rejectsPath()));
        CHECK(contentOf(world.folder() / "real.csv").find("never") != std::string::npos);

        std::filesystem::remove(world.rejectsPath());
        REQUIRE(mkfifo(world.rejectsPath().c_str(), 0600) == 0);
        std::string heard;
        {
            const std::jthread reader([&] { heard = contentOf(world.rejectsPath()); });
            REQUIRE(detailOf(world.import({ bad })) == "");
        }
        CHECK(heard.find("never") != std::string::npos);
        CHECK(std::filesystem::is_fifo(world.rejectsPath()));
    });
}

TEST_CASE("Shuffled, repeated and packed files of the same rows add nothing")
{
    forEachDatabase([](TestDatabase& db) {
        ImportWorld world(db);
        const std::string text = manyRows(12'345);
        CHECK(detailOf(world.import({ world.file("a.csv", text) })) == "");
        CHECK(world.report.accepted == 12'345);
        std::vector<std::string> rows;
        for (std::size_t at = header.size(); at < text.size();) {
            const std::size_t end = text.find('\n', at) + 1;
            rows.push_back(text.substr(at, end - at));
            at = end;
        }
        std::mt19937 chance(3);
        std::ranges::shuffle(rows, chance);
        std::string shuffled(header);
        for (const std::string& row : rows)
            shuffled += row + (chance() % 3 == 0 ? row : "");
        const auto packed = world.file("b.csv.gz", gzipped(shuffled, world.folder()));
        CHECK(detailOf(world.import({ packed, world.file("a.csv", text) })) == "");
        CHECK(world.report.accepted == 0);
        CHECK(world.report.repeated == world.report.events);
        CHECK(world.report.rejectedRows == 0);
        CHECK(world.quantityOf("calls") == 12'345);
        CHECK(world.faults().empty());
    });
}

TEST_CASE("Rows without an id count as often as they stand in a file, whatever their order")
{
    const std::string same = "2023-11-16T10:00:00Z,3,4\n";
    const std::string other = "2023-11-16T10:00:01Z,3,4\n";
    forEachDatabase([&](TestDatabase& db) {
        ImportWorld world(db);
        const auto input = world.file("a.csv", "when,in,out\n" + same + other + same + same);
        CHECK(detailOf(world.import({ input }, noIdMapping)) == "");
        CHECK(world.report.createdAccounts == std::vector<std::string> { "Made by mapping" });
        CHECK(world.report.accepted == 8);
        CHECK(world.quantityOf("input-tokens") == 12);
        CHECK(world.quantityOf("output-tokens") == 16);
        // Again, shuffled, and with its columns in another order: nothing new.
        CHECK(detailOf(world.import({ input }, noIdMapping)) == "");
        CHECK(world.report.createdAccounts.empty());
        CHECK(world.report.repeated == 8);
        const auto shuffled = world.file(
            "b.csv",
            "out,when,in\n4,2023-11-16T10:00:00Z,3\n4,2023-11-16T10:00:00Z,3\n"
            "4,2023-11-16T10:00:00Z,3\n4,2023-11-16T10:00:01Z,3\n"
        );
        CHECK(detailOf(world.import({ shuffled }, noIdMapping)) == "");
        CHECK(world.report.accepted == 0);
        // One more of the same is one more.
        const auto more = world.file("c.csv", "when,in,out\n" + same + same + same + same + other);
        CHECK(detailOf(world.import({ more }, noIdMapping)) == "");
        CHECK(world.report.accepted == 2);
        CHECK(world.quantityOf("input-tokens") == 15);
        CHECK(world.faults().empty());
    });
}

TEST_CASE("Standard input is read once and gives the same ids as the file")
{
    forEachDatabase([](TestDatabase& db) {
        ImportWorld world(db);
        const auto input = world.file(
            "a.csv", "when,in,out\n2023-11-16T10:00:00Z,3,4\n2023-11-16T10:00:00Z,3,4\n"
        );
        const int keep = dup(STDIN_FILENO);
        std::FILE* const file = std::fopen(input.c_str(), "r");
        REQUIRE(file != nullptr);
        dup2(fileno(file), STDIN_FILENO);
        CHECK(detailOf(world.import({ "-" }, noIdMapping)) == "");
        dup2(keep, STDIN_FILENO);
        close(keep);
        std::fclose(file);
        CHECK(world.report.accepted == 4);
        CHECK(detailOf(world.import({ input }, noIdMapping)) == "");
        CHECK(world.report.repeated == 4);
    });
}

TEST_CASE("The account comes from the import, else from the row, else from the mapping")
{
    forEachDatabase([](TestDatabase& db) {
        ImportWorld world(db);
        world.account("other");
        const auto input = world.file(
            "a.csv",
            std::string(header) + std::string(goodRow)
                + "g2,other,a,2023-11-16 10:00:00,2023-11-16 11:00:00,7\n"
        );
        CHECK(detailOf(world.import({ input })) == "");
        REQUIRE(world.totals().size() == 2);
        CHECK(world.totals()[1].accountName == "other");
        CHECK(world.totals()[1].quantity == 7);
        CHECK(detailOf(world.import({ input }, callsMapping, "other")) == "");
        CHECK(world.report.accepted == 1); // g1 of the other account; g2 is there
        CHECK(world.totals()[1].quantity == 12);
        CHECK(outcomeOf(world.import({ input }, callsMapping, "nobody")) == "not-found");
        CHECK(
            outcomeOf(world.import({ input }, R"({"source": "x", "format": "csv", "id": ["id"],
            "start": {"column": "from", "format": "local", "zone": "UTC"},
            "measures": [{"meter": "calls", "quantity": {"column": "calls"}}]})"))
            == "invalid-argument"
        );
        CHECK(world.faults().empty());
    });
}

TEST_CASE("Rows that the mapping leaves out are counted by reason and are no error")
{
    forEachDatabase([](TestDatabase& db) {
        ImportWorld world(db);
        const auto input = world.file(
            "a.csv",
            std::string(header) + std::string(goodRow)
                + "f1,acme,free,2023-11-16 10:00:00,2023-11-16 11:00:00,1\n"
        );
        CHECK(detailOf(world.import({ input })) == "");
        CHECK(
            world.report.skipped == std::map<std::string, std::int64_t> { { "free of charge", 1 } }
        );
        CHECK(world.report.rejectedRows == 0);
        CHECK(world.report.rows == 2);
    });
}

TEST_CASE("A full disk, a read-only database and a cancel stop the import, and it can go on later")
{
    TestDatabase db(database::Engine::Sqlite);
    ImportWorld world(db);
    const auto input = world.file("a.csv", manyRows(40'000));
    const auto pages = world.integer("PRAGMA page_count");
    CHECK(world.execute(fmt::format("PRAGMA max_page_count = {}", pages + 400)) == "ok");
    const auto full = world.import({ input });
    CHECK(outcomeOf(full) == "storage-full");
    CHECK(detailOf(full).ends_with(": the disk is full"));
    const auto stored = world.report.accepted;
    CHECK(stored < 40'000);
    CHECK(world.execute("PRAGMA max_page_count = 1000000000") == "ok");

    world.cancelled = true;
    CHECK(outcomeOf(world.import({ input })) == "cancelled");
    CHECK(world.report.accepted == 0);
    world.cancelled = false;

    database::Options options;
    options.readOnly = true;
    const auto readOnly = db.openAnother(options);
    SeededRandom random(1);
    ImportOptions wanted;
    wanted.mapping = mapping(callsMapping);
    wanted.inputs = { input };
    ImportReport report;
    CHECK(
        outcomeOf(importUsage(
            { *readOnly, world.clock, random }, commandLine, wanted, {}, world.cancelled, report
        ))
        == "read-only"
    );

    // The rejects file cannot be written: nothing is lost in silence.
    const auto bad = world.file(
        "bad.csv", std::string(header) + "x,nobody,a,2023-11-16 10:00:00,2023-11-16 11:00:00,1\n"
    );
    std::filesystem::create_symlink("/dev/full", world.rejectsPath().string() + ".part");
    CHECK(outcomeOf(world.import({ bad })) == "storage-full");

    CHECK(detailOf(world.import({ input })) == "");
    CHECK(world.report.repeated == stored);
    CHECK(world.quantityOf("calls") == 40'000);
    CHECK(world.faults().empty());
}

TEST_CASE("An import that is killed can be run again, with nothing lost or doubled")
{
    forEachDatabase([](TestDatabase& db) {
        ImportWorld world(db);
        constexpr int rows = 120'000;
        const auto input = world.file("a.csv", manyRows(rows));
        const pid_t child = fork();
        if (child == 0) {
            const auto own = db.openAnother();
            SeededRandom random(1);
            SystemClock clock;
            ImportOptions options;
            options.mapping = mapping(callsMapping);
            options.inputs = { input };
            ImportReport report;
            const std::atomic<bool> cancelled = false;
            const auto done
                = importUsage({ *own, clock, random }, commandLine, options, {}, cancelled, report);
            _exit(done ? 0 : 1);
        }
        REQUIRE(child > 0);
        const auto count = [&]() -> std::int64_t {
            const auto found = db->read([](Transaction& tx) {
                return tx.queryInteger("SELECT COUNT(*) FROM usage_event_202311");
            });
            return found ? *found : 0; // no table yet
        };
        while (count() < 10'000 && waitpid(child, nullptr, WNOHANG) == 0)
            usleep(1'000);
        kill(child, SIGKILL);
        int status = 0;
        waitpid(child, &status, 0);
        const auto stored = count();
        CHECK(stored >= 10'000);
        CHECK(stored < rows);
        CHECK(detailOf(world.import({ input })) == "");
        CHECK(world.report.repeated == stored);
        CHECK(world.report.accepted == rows - stored);
        CHECK(world.quantityOf("calls") == rows);
        CHECK(world.faults().empty());
    });
}

TEST_CASE("An import is journalled: who, from which file, how many")
{
    forEachDatabase([](TestDatabase& db) {
        ImportWorld world(db);
        CHECK(
            detailOf(
                world.import({ world.file("a.csv", std::string(header) + std::string(goodRow)) })
            )
            == ""
        );
        REQUIRE(sequenceJournal(world.context()).has_value());
        const auto entries = world.read([](Transaction& tx) { return readJournal(tx, {}); });
        REQUIRE(!entries.empty());
        const JournalDraft& last = entries.back().draft;
        CHECK(last.kind == "usage.imported");
        CHECK(last.after.find(R"("input":"a.csv")") != std::string::npos);
        CHECK(last.after.find(R"("accepted":1)") != std::string::npos);
    });
}
