#include "tests/client/store/store_world.h"

#include <filesystem>
#include <fstream>
#include <iterator>

using namespace quittance;
using namespace quittance::testing;

namespace {

std::string bytesIn(const std::filesystem::path& folder)
{
    std::string bytes;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        std::ifstream file(entry.path(), std::ios::binary);
        bytes.append(std::istreambuf_iterator<char>(file), {});
    }
    return bytes;
}

} // namespace

TEST_CASE("what was removed for the next owner is not left in the file either")
{
    constexpr int bills = 200; // many pages, so that whole ones become free
    const TemporaryFolder folder;
    const auto open
        = [&] { return valueOf(client::Store::open(folder.sqliteUrl("store.db"), {})); };
    std::unique_ptr<client::Store> store = open();
    REQUIRE(detailOf(store->bind("installation/1/0")) == "");
    std::vector<contract::Item> items;
    for (BillId id = 1; id <= bills; ++id)
        items.push_back(BillMaker(id, 1, "2023-11")
                            .name("Zebra Foundation")
                            .cost("gpu", "2023-11-03", 100, "quagga", "zorilla-1")
                            .issued(fmt::format("ZF-{:06}", id), "2023-12-02", "2023-12-16")
                            .change());
    REQUIRE(detailOf(store->beginSnapshot("bills:1")) == "");
    REQUIRE(detailOf(store->addSnapshotItems("bills:1", items)) == "");
    REQUIRE(detailOf(store->finishSnapshot("bills:1", 1, at("2023-12-16T09:00:00Z"))) == "");
    REQUIRE(
        detailOf(store->saveDocument(1, "pdf", "%PDF of the zebras", at("2023-12-16T09:00:00Z")))
        == ""
    );
    REQUIRE(detailOf(store->setValue("me", "zebra@example.com")) == "");
    store.reset();
    const std::vector<std::string> theirs { "Zebra",   "ZF-0001", "quagga",
                                            "zorilla", "%PDF of", "zebra@example.com" };
    const std::string before = bytesIn(folder.path());
    for (const std::string& word : theirs)
        CHECK_MESSAGE(before.find(word) != std::string::npos, word);

    store = open();
    REQUIRE(detailOf(store->removeValue("me")) == "");
    REQUIRE(detailOf(store->bind("installation/2/0")) == "");
    store.reset();
    const std::string after = bytesIn(folder.path());
    for (const std::string& word : theirs)
        CHECK_MESSAGE(after.find(word) == std::string::npos, word);
}
