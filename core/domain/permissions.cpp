#include "core/domain/permissions.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace quittance {

namespace {

struct NamedPermission {
    Permission permission;
    std::string_view name;
};

constexpr std::array<NamedPermission, permissionCount> namedPermissions { {
    { Permission::BillsRead, "bills.read" },
    { Permission::CostsRead, "costs.read" },
    { Permission::UsageRead, "usage.read" },
    { Permission::UsageWrite, "usage.write" },
    { Permission::DocumentsRead, "documents.read" },
    { Permission::ProfileRead, "profile.read" },
    { Permission::ProfileEdit, "profile.edit" },
    { Permission::TermsEdit, "terms.edit" },
    { Permission::PeopleRead, "people.read" },
    { Permission::PeopleEdit, "people.edit" },
    { Permission::AccountsRead, "accounts.read" },
    { Permission::AccountsEdit, "accounts.edit" },
    { Permission::PricesRead, "prices.read" },
    { Permission::PricesEdit, "prices.edit" },
    { Permission::BillsIssue, "bills.issue" },
    { Permission::ViewAsCustomer, "accounts.view-as-customer" },
    { Permission::TokensEdit, "tokens.edit" },
} };

struct NamedRole {
    Role role;
    std::string_view name;
};

constexpr std::array namedRoles {
    NamedRole { Role::Customer, "customer" },  NamedRole { Role::Finance, "finance" },
    NamedRole { Role::Admin, "admin" },        NamedRole { Role::UsageIntake, "usage-intake" },
    NamedRole { Role::ReadOnly, "read-only" },
};

constexpr std::array customerPermissions { Permission::BillsRead,   Permission::CostsRead,
                                           Permission::UsageRead,   Permission::DocumentsRead,
                                           Permission::ProfileRead, Permission::ProfileEdit };
constexpr std::array financePermissions { Permission::BillsRead,     Permission::CostsRead,
                                          Permission::UsageRead,     Permission::DocumentsRead,
                                          Permission::ProfileRead,   Permission::TermsEdit,
                                          Permission::PeopleRead,    Permission::AccountsRead,
                                          Permission::PricesRead,    Permission::BillsIssue,
                                          Permission::ViewAsCustomer };
constexpr std::array usageIntakePermissions { Permission::UsageWrite };
constexpr std::array readOnlyPermissions { Permission::BillsRead, Permission::CostsRead,
                                           Permission::UsageRead, Permission::DocumentsRead,
                                           Permission::ProfileRead };

bool contains(std::span<const Permission> permissions, Permission permission)
{
    return std::ranges::find(permissions, permission) != permissions.end();
}

} // namespace

std::string_view wireName(Permission permission)
{
    const auto* const found
        = std::ranges::find(namedPermissions, permission, &NamedPermission::permission);
    return found == namedPermissions.end() ? std::string_view() : found->name;
}

std::string_view wireName(Role role)
{
    const auto* const found = std::ranges::find(namedRoles, role, &NamedRole::role);
    return found == namedRoles.end() ? std::string_view() : found->name;
}

Result<Role> roleFromWireName(std::string_view name)
{
    const auto* const found = std::ranges::find(namedRoles, name, &NamedRole::name);
    if (found == namedRoles.end())
        return failure(
            ErrorCode::InvalidArgument,
            fmt::format(
                "'{}' is not a role: customer, finance, admin, usage-intake, read-only", name
            )
        );
    return found->role;
}

bool grants(Role role, Permission permission)
{
    switch (role) {
    case Role::Customer:
        return contains(customerPermissions, permission);
    case Role::Finance:
        return contains(financePermissions, permission);
    case Role::Admin:
        return contains(std::span(allPermissions), permission);
    case Role::UsageIntake:
        return contains(usageIntakePermissions, permission);
    case Role::ReadOnly:
        return contains(readOnlyPermissions, permission);
    }
    return false;
}

bool allows(
    std::span<const Grant> grantsHeld, Permission permission, std::optional<AccountId> account
)
{
    return std::ranges::any_of(grantsHeld, [&](const Grant& grant) {
        return grants(grant.role, permission)
            && (!grant.account || (account && *grant.account == *account));
    });
}

} // namespace quittance
