#include "tests/backend/api/api_world.h"

#include <algorithm>

using namespace quittance;
using namespace quittance::testing;
using http::Method;

namespace {

/// Whose program dies in one of its changes: after the work, before the commit.
class DyingDatabase final : public database::Database {
public:
    explicit DyingDatabase(database::Database& database)
        : m_database(&database)
    {
    }

    void dieIn(int change) { m_left = change; }

    Result<> runRead(const std::function<Result<>(database::Transaction&)>& work) override
    {
        return m_database->runRead(work);
    }
    Result<> runWrite(const std::function<Result<>(database::Transaction&)>& work) override
    {
        const bool dies = --m_left == 0;
        return m_database->runWrite([&](database::Transaction& tx) -> Result<> {
            QUITTANCE_CHECK(work(tx));
            return dies ? failure(ErrorCode::Internal, "the program died") : Result<>();
        });
    }
    void interrupt() override { m_database->interrupt(); }
    [[nodiscard]] const database::Dialect& dialect() const override
    {
        return m_database->dialect();
    }

private:
    database::Database* m_database;
    int m_left = 0;
};

http::Request newAccount(const ApiWorld& world, const std::string& name)
{
    http::Request request;
    request.method = Method::Post;
    request.path = request.rawPath = "/v1/accounts";
    request.headers.set("Authorization", "Bearer " + world.admin);
    request.headers.set("Idempotency-Key", "key-of-" + name);
    request.remoteAddress = "192.0.2.1";
    request.body = fmt::format(
        R"({{"name":"{}","currency":"USD","timeZone":"UTC","plan":"standard"}})", name
    );
    return request;
}

} // namespace

TEST_CASE("a program that dies in a write leaves all of it or nothing, and a repeat completes it")
{
    forEachDatabase([](TestDatabase& db) {
        ApiWorld world(db);
        DyingDatabase dying(db.database());
        const backend::Api api(
            { dying, world.clock, world.context().random },
            { world.brand, "1.0", "here", 1, backend::PasswordCost::least() }
        );
        for (const int change : { 1, 2, 3 }) {
            CAPTURE(change);
            const std::string name = fmt::format("Died-in-{}", change);
            dying.dieIn(change);
            const http::Response first = api.handle(newAccount(world, name));
            dying.dieIn(0);
            world.clock.advance(120 * microsPerSecond);
            const http::Response again = api.handle(newAccount(world, name));
            CHECK(again.status == 201);
            if (first.status == 201)
                CHECK(again.body == first.body);
            const auto accounts = valueOf(db->read(backend::listAccounts));
            CHECK(std::ranges::count(accounts, name, &backend::AccountRecord::name) == 1);
        }
    });
}

TEST_CASE("a refusal is the answer to every repeat of its key, even where it would work later")
{
    forEachDatabase([](TestDatabase& db) {
        ApiWorld world(db);
        const std::string body
            = contract::toText(contract::NewAccountRequest { "Acme", "USD", "UTC", "standard" });
        const auto add = [&] {
            return world.write(Method::Post, "/v1/accounts", world.admin, body, "refused-key");
        };
        const Answer first = add();
        CHECK(first.code() == "already-exists");
        REQUIRE(
            outcomeOf(db->write([](database::Transaction& tx) {
                return tx.execute("UPDATE account SET name = 'Other' WHERE name = 'Acme'");
            }))
            == "ok"
        );
        const Answer again = add();
        CHECK(again.status == first.status);
        CHECK(again.body == first.body);
    });
}

TEST_CASE("an open event stream ends when its reader may no longer read")
{
    forEachDatabase([](TestDatabase& db) {
        ApiWorld world(db);
        const auto open = [&](const std::string& token) {
            http::Request request;
            request.path = request.rawPath = "/v1/events";
            request.headers.set("Authorization", "Bearer " + token);
            return std::get<std::shared_ptr<http::EventStream>>(
                world.api.handle(std::move(request)).stream
            );
        };
        const auto disabled = open(world.customer);
        const auto stays = open(world.finance);
        const auto person = valueOf(db->read([](database::Transaction& tx) {
            return tx.queryInteger("SELECT id FROM person WHERE email = 'ada@acme.example'");
        }));
        REQUIRE(outcomeOf(backend::disablePerson(world.context(), commandLine, person)) == "ok");
        world.publish();
        CHECK_FALSE(disabled->isOpen());
        CHECK(stays->isOpen());

        // A grant that is taken away ends the stream too: it may tell of what is no longer seen.
        REQUIRE(
            outcomeOf(db->write([](database::Transaction& tx) {
                return tx.execute(
                    "DELETE FROM person_grant WHERE person_id = (SELECT id FROM person"
                    " WHERE email = 'finance@testlake.example')"
                );
            }))
            == "ok"
        );
        world.use(world.acme, "later", "2023-12-15T10:00:00Z");
        world.runMonth("2023-12", false);
        world.publish();
        CHECK_FALSE(stays->isOpen());
    });
}
