#include "tests/backend/api/api_world.h"

#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <sstream>

using namespace quittance;
using namespace quittance::testing;
using http::Method;

namespace {

/// docs/permissions.md: permission -> role -> may.
using Matrix = std::map<std::string, std::map<std::string, bool>>;

std::vector<std::string> cellsOf(const std::string& line)
{
    std::vector<std::string> cells;
    std::istringstream stream(line.substr(1));
    std::string cell;
    while (std::getline(stream, cell, '|')) {
        const std::size_t begin = cell.find_first_not_of(' ');
        if (begin == std::string::npos)
            break;
        cells.push_back(cell.substr(begin, cell.find_last_not_of(' ') - begin + 1));
    }
    return cells;
}

Matrix readMatrix()
{
    std::ifstream file("docs/permissions.md");
    std::vector<std::string> roles;
    Matrix matrix;
    std::string line;
    while (std::getline(file, line)) {
        if (!line.starts_with("| "))
            continue;
        const std::vector<std::string> cells = cellsOf(line);
        if (roles.empty())
            roles = cells;
        else if (!cells[0].starts_with("---"))
            for (std::size_t i = 2; i < cells.size(); ++i)
                matrix[cells[0]][roles[i]] = cells[i] == "yes";
    }
    return matrix;
}

/// A route, what it needs, and a request that succeeds for who may.
struct Row {
    std::string permission;
    Method method = Method::Get;
    std::string target;
    int status = 200;
    std::function<std::string(ApiWorld&)> body {};
};

std::string profileBody(ApiWorld& world)
{
    return contract::toText(world.view(world.acme).profile);
}

std::string termsBody(ApiWorld& world)
{
    return contract::toText(world.view(world.acme).terms);
}

std::vector<Row> rows(ApiWorld& world)
{
    const std::string account = fmt::format("/v1/accounts/{}", world.acme);
    const std::string bill = fmt::format("{}/bills/{}", account, world.billOf(world.acme));
    const std::string bills = fmt::format("bills:{}", world.acme);
    const std::string events = fmt::format("events:{}:{}:1", world.acme, world.billOf(world.acme));
    const std::string history = fmt::format("history:{}", world.acme);
    // What names a thing that goes is made anew for every role.
    auto number = std::make_shared<int>(0);
    const auto unique = [number](const std::string& text) {
        return [number, text](ApiWorld&) {
            return fmt::format(fmt::runtime(text), fmt::arg("n", ++*number));
        };
    };
    const auto view
        = [account = world.acme](ApiWorld&) { return fmt::format("{{\"account\":{}}}", account); };
    return {
        { "usage.write", Method::Post, "/v1/usage-events", 200,
          [](ApiWorld&) { return std::string(R"({"events":[]})"); } },
        { "profile.read", Method::Get, account },
        { "profile.edit", Method::Put, account + "/profile", 200, profileBody },
        { "terms.edit", Method::Put, account + "/terms", 200, termsBody },
        { "bills.read", Method::Get, account + "/bills" },
        { "bills.read", Method::Get, bill },
        { "documents.read", Method::Get, bill + "/document?format=csv" },
        { "usage.read", Method::Get, bill + "/lines/1/events" },
        { "people.read", Method::Get, "/v1/people" },
        { "people.edit", Method::Post, "/v1/people", 201,
          unique(
              R"({{"email":"p{n}@x.example","name":"P","grants":[{{"role":"finance","account":null}}]}})"
          ) },
        { "people.edit", Method::Post, "/v1/people/NEW/disable", 204 },
        { "tokens.edit", Method::Get, "/v1/tokens" },
        { "tokens.edit", Method::Post, "/v1/tokens", 201,
          unique(R"({{"name":"t{n}","role":"read-only","account":null,"expires":null}})") },
        { "tokens.edit", Method::Post, "/v1/tokens/NEW/revoke", 204 },
        { "prices.read", Method::Get, "/v1/plans" },
        { "accounts.edit", Method::Post, "/v1/accounts", 201,
          unique(R"({{"name":"A{n}","currency":"USD","timeZone":"UTC","plan":"standard"}})") },
        { "accounts.view-as-customer", Method::Post, "/v1/sessions/view", 201, view },
        { "bills.read", Method::Get, "/v1/scopes/" + bills + "/snapshot" },
        { "bills.read", Method::Get, "/v1/scopes/" + bills + "/changes?cursor=0" },
        { "people.read", Method::Get, "/v1/scopes/people/snapshot" },
        { "people.read", Method::Get, "/v1/scopes/people/changes?cursor=0" },
        { "usage.read", Method::Get, "/v1/scopes/" + events + "/snapshot" },
        { "profile.read", Method::Get, "/v1/scopes/" + history + "/snapshot" },
        { "profile.read", Method::Get, "/v1/scopes/" + history + "/changes?cursor=0" },
        { "terms.edit", Method::Get, "/v1/scopes/legal-entities/snapshot" },
        { "terms.edit", Method::Get, "/v1/scopes/legal-entities/changes?cursor=0" },
    };
}

/// A target that names something new where it says NEW.
std::string targetOf(ApiWorld& world, const std::string& pattern, int number)
{
    const std::size_t place = pattern.find("NEW");
    if (place == std::string::npos)
        return pattern;
    std::int64_t id = 0;
    if (pattern.find("people") != std::string::npos)
        id = valueOf(backend::invitePerson(
                         world.context(), commandLine, fmt::format("goes{}@x.example", number), "G",
                         { { Role::Finance, std::nullopt } }
                     )
        ).person;
    else
        id = valueOf(backend::addServiceToken(
                         world.context(), commandLine, fmt::format("goes{}", number),
                         Role::ReadOnly, std::nullopt, std::nullopt
                     ))
                 .token.id;
    return pattern.substr(0, place) + std::to_string(id) + pattern.substr(place + 3);
}

/// Routes that ask for no permission of the matrix, with the reason.
const std::map<std::string, std::string> openRoutes {
    { "signIn", "before anybody is known" },
    { "acceptInvitation", "before anybody is known" },
    { "brand", "what the sign-in page shows" },
    { "health", "for whoever watches the program" },
    { "metrics", "for whoever watches the program" },
    { "signOut", "one's own session" },
    { "me", "one's own name and roles" },
    { "liveEvents", "tells each caller of what they may see, and carries nothing else" },
    { "listAccounts", "each caller's own accounts" },
};

} // namespace

TEST_CASE("every route has a row of the matrix, or a reason why it needs none")
{
    forEachDatabase([&](TestDatabase& db) {
        ApiWorld world(db);
        std::set<std::string> asked;
        for (const Row& row : rows(world)) {
            http::Request request;
            request.method = row.method;
            request.path = request.rawPath = row.target.substr(0, row.target.find('?'));
            asked.insert(world.api.handle(std::move(request)).routeName);
        }
        for (const http::Route& route : world.api.router().routes()) {
            const std::string& name = route.name;
            CAPTURE(name);
            CHECK(asked.contains(name) != openRoutes.contains(name));
        }
    });
}

TEST_CASE("every role may do what docs/permissions.md says, route by route, and nothing else")
{
    const Matrix matrix = readMatrix();
    REQUIRE(matrix.size() == permissionCount);
    forEachDatabase([&](TestDatabase& db) {
        ApiWorld world(db);
        const std::map<std::string, std::string> callers { { "admin", world.admin },
                                                           { "finance", world.finance },
                                                           { "customer", world.customer },
                                                           { "read-only", world.reader },
                                                           { "usage-intake", world.intake } };
        int number = 0;
        for (const Row& row : rows(world)) {
            for (const auto& [name, token] : callers) {
                const std::string& role = name;
                CAPTURE(row.target);
                CAPTURE(role);
                const bool may = matrix.at(row.permission).at(role);
                const std::string target = targetOf(world, row.target, ++number);
                const std::string body = row.body ? row.body(world) : "";
                const Answer answer = world.write(row.method, target, token, body);
                CAPTURE(answer.body);
                CHECK(answer.status == (may ? row.status : 403));
                if (!may)
                    CHECK(answer.code() == "permission-denied");
            }
            CHECK(world.write(row.method, row.target, "", "").status == 401);
            CHECK(world.write(row.method, row.target, "no-token", "").status == 401);
        }
    });
}

TEST_CASE("a foreign account and an absent one are answered with the same bytes")
{
    forEachDatabase([&](TestDatabase& db) {
        ApiWorld world(db);
        const std::string profile = contract::toText(world.view(world.zeta).profile);
        const std::string terms = contract::toText(world.view(world.zeta).terms);
        const BillId foreignBill = world.billOf(world.zeta);
        struct Place {
            Method method;
            std::string target;
            std::string body;
        };
        const auto places = [&](AccountId account, BillId bill) -> std::vector<Place> {
            const std::string path = fmt::format("/v1/accounts/{}", account);
            const std::string one = fmt::format("{}/bills/{}", path, bill);
            return {
                { Method::Get, path, "" },
                { Method::Put, path + "/profile", profile },
                { Method::Put, path + "/terms", terms },
                { Method::Get, path + "/bills", "" },
                { Method::Get, one, "" },
                { Method::Get, one + "/document?format=pdf", "" },
                { Method::Get, one + "/lines/1/events", "" },
                { Method::Get, fmt::format("/v1/scopes/bills:{}/snapshot", account), "" },
                { Method::Get, fmt::format("/v1/scopes/bills:{}/changes?cursor=0", account), "" },
                { Method::Get, fmt::format("/v1/scopes/events:{}:{}:1/snapshot", account, bill),
                  "" },
                { Method::Get, fmt::format("/v1/scopes/history:{}/snapshot", account), "" },
            };
        };
        const auto same = [&](const std::vector<Place>& foreign, const std::vector<Place>& absent) {
            for (std::size_t i = 0; i < foreign.size(); ++i) {
                CAPTURE(foreign[i].target);
                const auto ask = [&](const Place& place) {
                    return world.write(place.method, place.target, world.customer, place.body);
                };
                const Answer there = ask(foreign[i]);
                const Answer nowhere = ask(absent[i]);
                CHECK(there.status == 404);
                CHECK(nowhere.status == 404);
                CHECK(there.body == nowhere.body);
                CHECK(there.headers == nowhere.headers);
            }
        };
        constexpr std::int64_t absentId = 987'654;
        same(places(world.zeta, foreignBill), places(absentId, absentId));

        // In one's own account, a bill of somebody else is like one that does not exist.
        const auto bills = [&](BillId bill) {
            std::vector<Place> all = places(world.acme, bill);
            return std::vector<Place> { all[4], all[5], all[6], all[9] };
        };
        const std::vector<Place> foreign = bills(foreignBill);
        const std::vector<Place> absent = bills(absentId);
        for (std::size_t i = 0; i < foreign.size(); ++i) {
            CAPTURE(foreign[i].target);
            const Answer there = world.get(foreign[i].target, world.customer);
            Answer nowhere = world.get(absent[i].target, world.customer);
            CHECK(there.status == 404);
            // Each may repeat the number that was asked for.
            const std::size_t place = nowhere.body.find(std::to_string(absentId));
            if (place != std::string::npos)
                nowhere.body.replace(place, 6, std::to_string(foreignBill));
            CHECK(there.body == nowhere.body);
        }
    });
}

TEST_CASE("who may see every account learns that one does not exist")
{
    forEachDatabase([&](TestDatabase& db) {
        ApiWorld world(db);
        for (const std::string target :
             { "/v1/accounts/987654", "/v1/accounts/987654/bills",
               "/v1/scopes/bills:987654/snapshot", "/v1/scopes/bills:987654/changes?cursor=0",
               "/v1/scopes/history:987654/snapshot" }) {
            CAPTURE(target);
            const Answer answer = world.get(target, world.admin);
            CHECK(answer.status == 404);
            CHECK(answer.code() == "not-found");
        }
    });
}
