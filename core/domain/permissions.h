#pragma once

#include "core/domain/usage.h"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace quittance {

/// One thing a person may do. Roles are sets of these; routes name the one they need.
/// docs/permissions.md is the same table for people, and the server's tests are made from it.
enum class Permission : std::uint8_t {
    BillsRead,
    CostsRead,
    UsageRead,
    UsageWrite, ///< intake
    DocumentsRead,
    ProfileRead,
    ProfileEdit, ///< the customer's part of the billing profile
    TermsEdit, ///< payment terms and the legal entity that bills
    PeopleRead,
    PeopleEdit,
    AccountsRead, ///< every account, not only one's own
    AccountsEdit,
    PricesRead,
    PricesEdit,
    BillsIssue,
    ViewAsCustomer,
    TokensEdit,
};
inline constexpr int permissionCount = 17;
inline constexpr std::array<Permission, permissionCount> allPermissions {
    Permission::BillsRead,      Permission::CostsRead,     Permission::UsageRead,
    Permission::UsageWrite,     Permission::DocumentsRead, Permission::ProfileRead,
    Permission::ProfileEdit,    Permission::TermsEdit,     Permission::PeopleRead,
    Permission::PeopleEdit,     Permission::AccountsRead,  Permission::AccountsEdit,
    Permission::PricesRead,     Permission::PricesEdit,    Permission::BillsIssue,
    Permission::ViewAsCustomer, Permission::TokensEdit
};

enum class Role : std::uint8_t {
    Customer = 1,
    Finance = 2,
    Admin = 3,
    UsageIntake = 4,
    ReadOnly = 5
};
inline constexpr std::array allRoles { Role::Customer, Role::Finance, Role::Admin,
                                       Role::UsageIntake, Role::ReadOnly };

[[nodiscard]] std::string_view wireName(Permission permission); ///< "bills.read"
[[nodiscard]] std::string_view wireName(Role role
); ///< "customer", "finance", "admin", "usage-intake", "read-only"
[[nodiscard]] Result<Role> roleFromWireName(std::string_view name);
[[nodiscard]] bool grants(Role role, Permission permission);

/// A role on a scope: one account, or (no account) all of them.
struct Grant {
    Role role = Role::Customer;
    std::optional<AccountId> account;

    bool operator==(const Grant&) const = default;
};

/// True where any grant covers this permission on this account. A permission that is not about one
/// account is asked with no account, which only a grant on all accounts covers.
[[nodiscard]] bool
allows(std::span<const Grant> grants, Permission permission, std::optional<AccountId> account);

} // namespace quittance
