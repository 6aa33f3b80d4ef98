#include "backend/migrations.h"

#include "backend/accounts/accounts.h"
#include "backend/accounts/people.h"
#include "backend/billing/billing.h"
#include "backend/jobs/jobs.h"
#include "backend/journal/installation.h"
#include "backend/journal/journal.h"
#include "backend/ledger/ledger.h"
#include "backend/outbox/outbox.h"
#include "backend/pricing/pricing.h"
#include "backend/usage/usage.h"

namespace quittance::backend {

const std::vector<database::Migration>& backendMigrations()
{
    static const std::vector<database::Migration> migrations = [] {
        using Make = database::Migration (*)(int);
        std::vector<database::Migration> list;
        for (const Make make :
             { journalMigration, installationMigration, ledgerMigration, outboxMigration,
               jobsMigration, accountsMigration, peopleMigration, pricingMigration, usageMigration,
               billingMigration, installationBrandMigration, priceModelsMigration,
               priceStepsMigration, usageMonthsMigration, correctionsMigration })
            list.push_back(make(static_cast<int>(list.size()) + 1));
        return list;
    }();
    return migrations;
}

} // namespace quittance::backend
