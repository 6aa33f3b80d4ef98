#pragma once

#include "backend/billing/billing.h"
#include "tests/backend/usage/usage_world.h"

#include <fmt/format.h>

#include <map>
#include <string>
#include <vector>

namespace quittance::testing {

inline constexpr std::initializer_list<Foundation::Make> billingSchema {
    backend::journalMigration,     backend::ledgerMigration,     backend::accountsMigration,
    backend::pricingMigration,     backend::usageMigration,      backend::billingMigration,
    backend::priceModelsMigration, backend::priceStepsMigration, backend::usageMonthsMigration,
    backend::correctionsMigration
};

constexpr std::string_view testBrand = R"({
    "name": "Testlake", "logo": "logo.svg", "accentLight": "#2f5fd0", "accentDark": "#7aa2ff",
    "website": "https://testlake.example", "supportEmail": "help@testlake.example",
    "entities": [{"code": "testlake-de", "legalName": "Testlake GmbH",
        "address": ["Speicherstrasse 14", "20457 Hamburg"], "country": "DE",
        "taxIds": ["DE136695976"], "email": "billing@testlake.example",
        "bank": ["IBAN DE02 1203 0000 0000 2020 51"], "series": "TL", "taxCurrency": "EUR",
        "taxCategory": "S", "taxPercent": "19", "taxRounding": "half-away-from-zero"}]
})";

/// A world with a legal entity, a plan and accounts that can be billed. It is 16 December 2023.
class BillingWorld : public UsageWorld {
public:
    explicit BillingWorld(TestDatabase& db, std::initializer_list<Make> schema = billingSchema)
        : UsageWorld(db, schema)
        , brand(
              valueOf(formats::parseBrand(testBrand, "<svg xmlns=\"http://www.w3.org/2000/svg\"/>"))
          )
    {
        clock.set(at("2023-12-16T09:00:00Z"));
        const formats::BrandEntity& from = brand.entities.front();
        backend::LegalEntity entity;
        entity.code = from.code;
        entity.party = from.party;
        entity.bankDetails = from.bankLines.front();
        entity.series = from.series;
        entity.taxCurrency = from.taxCurrency;
        entity.tax = from.tax;
        entity.taxRounding = from.taxRounding;
        REQUIRE(detailOf(backend::ensureLegalEntities(context(), commandLine, { entity })) == "");
        load("2023-01-01", "2.95");
    }

    void load(const std::string& effective, const std::string& gpuRate)
    {
        load(standardPlan(effective, gpuRate));
    }

    static PricePlan standardPlan(const std::string& effective, const std::string& gpuRate)
    {
        PricePlan plan;
        plan.code = "standard";
        plan.name = "Standard";
        plan.effective = valueOf(parseDate(effective));
        Price gpu { "gpu-pod-a10",
                    "gpu-seconds",
                    "GPU pods",
                    "A10 pods, on demand",
                    "GPU-h",
                    3600,
                    valueOf(parseRate(gpuRate)),
                    80'000,
                    "Commitment discount" };
        Price calls {
            "*", "calls", "Model API", "Calls", "k calls", 1000, valueOf(parseRate("0.05")), 0, ""
        };
        Price tokens { "llm",
                       "input-tokens",
                       "Model API",
                       "Input",
                       "M tokens",
                       1'000'000,
                       valueOf(parseRate("0.59")),
                       0,
                       "" };
        plan.prices = { gpu, calls, tokens };
        return plan;
    }

    /// The plan of load(), from this day on with tiers, allowance, minimum, discounts and a
    /// commitment.
    void loadModels(const std::string& effective)
    {
        PricePlan plan = standardPlan(effective, "2.95");
        Price& calls = plan.prices[1];
        calls.model = PriceModel::Graduated;
        calls.rate = {};
        calls.tiers = { { 100, valueOf(parseRate("0.05")), {} },
                        { std::nullopt, valueOf(parseRate("0.03")), valueOf(parseRate("2")) } };
        calls.freeUnits = 10;
        plan.prices[2].minimum = valueOf(parseRate("5"));
        plan.discounts = { { "Autumn", 100'000, {}, valueOf(parseDate("2023-11-16")), {} } };
        plan.commitments = { { "commit-gpu",
                               "GPU commitment",
                               "Commitments",
                               valueOf(parseRate("40")),
                               { "GPU pods" } } };
        load(plan);
    }

    void load(const PricePlan& plan)
    {
        REQUIRE(detailOf(backend::loadPlan(context(), commandLine, plan)) == "");
    }

    /// A new version of the account's billing profile, a moment later.
    void change(AccountId account, const backend::BillingProfile& to)
    {
        clock.advance(1);
        REQUIRE(
            detailOf(backend::changeProfile(context(), commandLine, account, to, std::nullopt))
            == ""
        );
    }

    static backend::BillingProfile profile()
    {
        backend::BillingProfile made;
        made.legalName = "Acme SARL";
        made.addressLines = { "1 Rue de la Paix", "75002 Paris" };
        made.country = "FR";
        made.emails = { "bills@acme.example" };
        made.purchaseOrder = "PO-7";
        return made;
    }

    /// With a complete profile: its bills can be issued.
    AccountId customer(const std::string& name, const std::string& zone = "UTC")
    {
        backend::NewAccount wanted;
        wanted.name = name;
        wanted.timeZone = zone;
        wanted.profile = profile();
        return valueOf(backend::addAccount(context(), commandLine, wanted));
    }

    static backend::BillRunOptions run(const std::string& month, bool issue)
    {
        backend::BillRunOptions options;
        options.month = valueOf(parseMonth(month));
        options.issue = issue;
        return options;
    }

    std::vector<backend::BillRunOutcome> bill(const std::string& month, bool issue)
    {
        return valueOf(backend::runBills(context(), commandLine, brand, run(month, issue)));
    }

    /// As the job does it.
    std::vector<backend::BillRunOutcome> billBySchedule(const backend::BillSchedule& schedule = {})
    {
        return valueOf(backend::billBySchedule(context(), commandLine, brand, schedule));
    }

    backend::BillRunOutcome billOne(const std::string& month, AccountId account)
    {
        auto options = run(month, true);
        options.account = account;
        return valueOf(backend::runBills(context(), commandLine, brand, options)).front();
    }

    Bill find(BillId id)
    {
        return read([&](database::Transaction& tx) { return backend::findBill(tx, id); });
    }

    backend::BillingCheck check() { return valueOf(backend::checkBills(context().database)); }

    /// Kinds of the journal's entries about bills, in order.
    std::string billJournal()
    {
        REQUIRE(backend::sequenceJournal(context()).has_value());
        backend::JournalFilter filter;
        filter.subjectType = "bill";
        std::string kinds;
        for (const auto& entry :
             read([&](database::Transaction& tx) { return backend::readJournal(tx, filter); }))
            kinds += entry.draft.kind.substr(entry.draft.kind.find('.') + 1) + " ";
        return kinds;
    }

    formats::Brand brand;
};

} // namespace quittance::testing
