#pragma once

#include "backend/accounts/accounts.h"

#include <string>
#include <vector>

namespace quittance::sandbox {

/// Which products an account of the demo uses, and how much of them: 0 is none, 100 is a big
/// customer.
struct DemoAppetite {
    int pods = 0;
    int bareMetal = 0;
    int models = 0;
    int storage = 0;
};

struct DemoAccount {
    backend::NewAccount account;
    std::string domain; ///< of its people's e-mails
    std::string customer; ///< the name of its first person
    std::string legalEntity;
    int paymentDays = 14;
    DemoAppetite appetite;
    std::vector<std::string> projects;
    std::vector<std::string> podSkus;
    std::string model;
};

/// The accounts of the demo, in order; more than there are written down repeat with a number in
/// their names.
[[nodiscard]] std::vector<DemoAccount> demoAccounts(int count);

} // namespace quittance::sandbox
