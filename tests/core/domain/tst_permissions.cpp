#include "core/domain/permissions.h"
#include "tests/support/results.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace quittance {

using testing::outcomeOf;
using testing::valueOf;

namespace {

std::vector<std::string> cellsOf(const std::string& line)
{
    std::vector<std::string> cells;
    std::istringstream rest(line.substr(1));
    for (std::string cell; std::getline(rest, cell, '|');) {
        const auto first = cell.find_first_not_of(' ');
        cells.push_back(
            first == std::string::npos ? ""
                                       : cell.substr(first, cell.find_last_not_of(' ') - first + 1)
        );
    }
    return cells;
}

/// The rows of the one table of docs/permissions.md, the header first. Tests run in the project's
/// folder.
std::vector<std::vector<std::string>> documentedTable()
{
    std::ifstream file("docs/permissions.md");
    REQUIRE_MESSAGE(file.is_open(), "docs/permissions.md, seen from the project's folder");
    std::vector<std::vector<std::string>> rows;
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with("|") && !line.starts_with("| ---"))
            rows.push_back(cellsOf(line));
    }
    return rows;
}

std::set<std::string> grantedNames(Role role)
{
    std::set<std::string> names;
    for (const auto permission : allPermissions) {
        if (grants(role, permission))
            names.emplace(wireName(permission));
    }
    return names;
}

constexpr std::size_t firstRoleColumn = 2; // after the permission and what it allows

} // namespace

TEST_CASE("docs/permissions.md says what the roles grant")
{
    const auto table = documentedTable();
    REQUIRE(table.size() == allPermissions.size() + 1);
    const auto& header = table.front();
    REQUIRE(header.size() == firstRoleColumn + allRoles.size());
    for (std::size_t column = 0; column < allRoles.size(); ++column)
        CHECK(header[firstRoleColumn + column] == wireName(allRoles.at(column)));
    for (std::size_t row = 0; row < allPermissions.size(); ++row) {
        const auto permission = allPermissions.at(row);
        const auto& cells = table[row + 1];
        REQUIRE(cells.size() == header.size());
        CHECK(cells.front() == wireName(permission));
        for (std::size_t column = 0; column < allRoles.size(); ++column) {
            const auto role = allRoles.at(column);
            CAPTURE(cells.front());
            CAPTURE(wireName(role));
            CHECK(cells[firstRoleColumn + column] == (grants(role, permission) ? "yes" : "-"));
        }
    }
}

TEST_CASE("the narrow roles stay narrow")
{
    using Names = std::set<std::string>;
    CHECK(grantedNames(Role::UsageIntake) == Names { "usage.write" });
    CHECK(
        grantedNames(Role::ReadOnly)
        == Names { "bills.read", "costs.read", "documents.read", "profile.read", "usage.read" }
    );
    CHECK(
        grantedNames(Role::Customer)
        == Names { "bills.read", "costs.read", "documents.read", "profile.edit", "profile.read",
                   "usage.read" }
    );
    CHECK(grantedNames(Role::Admin).size() == allPermissions.size());
    CHECK_FALSE(grants(Role::Finance, Permission::ProfileEdit));
    CHECK_FALSE(grants(Role::Finance, Permission::UsageWrite));
}

TEST_CASE("permissions and roles have names of their own")
{
    std::set<std::string_view> names;
    for (const auto permission : allPermissions)
        names.insert(wireName(permission));
    CHECK(names.size() == allPermissions.size());
    CHECK_FALSE(names.contains(""));
    for (const auto role : allRoles)
        CHECK(valueOf(roleFromWireName(wireName(role))) == role);
    CHECK(outcomeOf(roleFromWireName("root")) == "invalid-argument");
    CHECK_FALSE(grants(static_cast<Role>(0), Permission::BillsRead));
}

TEST_CASE("a grant covers its account, and a grant on all covers everything")
{
    const std::vector<Grant> customer { { Role::Customer, 7 }, { Role::ReadOnly, 8 } };
    CHECK(allows(customer, Permission::BillsRead, 7));
    CHECK(allows(customer, Permission::ProfileEdit, 7));
    CHECK(allows(customer, Permission::BillsRead, 8));
    CHECK_FALSE(allows(customer, Permission::ProfileEdit, 8));
    CHECK_FALSE(allows(customer, Permission::BillsRead, 9));
    CHECK_FALSE(allows(customer, Permission::BillsRead, std::nullopt));
    const std::vector<Grant> finance { { Role::Finance, std::nullopt } };
    CHECK(allows(finance, Permission::BillsRead, 9));
    CHECK(allows(finance, Permission::AccountsRead, std::nullopt));
    CHECK_FALSE(allows(finance, Permission::PricesEdit, std::nullopt));
    // An admin of one account is not an admin of prices, which belong to none.
    const std::vector<Grant> localAdmin { { Role::Admin, 7 } };
    CHECK(allows(localAdmin, Permission::PeopleEdit, 7));
    CHECK_FALSE(allows(localAdmin, Permission::PricesEdit, std::nullopt));
    CHECK_FALSE(allows({}, Permission::BillsRead, 7));
}

} // namespace quittance
