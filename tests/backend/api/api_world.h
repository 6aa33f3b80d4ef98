#pragma once

#include "backend/accounts/people.h"
#include "backend/api/api.h"
#include "backend/billing/billing.h"
#include "backend/jobs/jobs.h"
#include "backend/journal/installation.h"
#include "backend/journal/secure.h"
#include "backend/outbox/outbox.h"
#include "core/contract/codec.h"
#include "tests/backend/usage/usage_world.h"

#include <fmt/format.h>

#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace quittance::testing {

inline constexpr std::initializer_list<Foundation::Make> apiSchema {
    backend::journalMigration,     backend::installationMigration, backend::ledgerMigration,
    backend::outboxMigration,      backend::jobsMigration,         backend::accountsMigration,
    backend::peopleMigration,      backend::pricingMigration,      backend::usageMigration,
    backend::billingMigration,     backend::priceModelsMigration,  backend::priceStepsMigration,
    backend::usageMonthsMigration, backend::correctionsMigration
};

constexpr std::string_view apiBrand = R"({
    "name": "Testlake", "logo": "logo.svg", "accentLight": "#2f5fd0", "accentDark": "#7aa2ff",
    "website": "https://testlake.example", "supportEmail": "help@testlake.example",
    "entities": [{"code": "testlake-de", "legalName": "Testlake GmbH",
        "address": ["Speicherstrasse 14", "20457 Hamburg"], "country": "DE",
        "taxIds": ["DE136695976"], "email": "billing@testlake.example",
        "bank": ["IBAN DE02 1203 0000 0000 2020 51"], "series": "TL", "taxCurrency": "EUR",
        "taxCategory": "S", "taxPercent": "19", "taxRounding": "half-away-from-zero"}]
})";

/// An answer as a client sees it.
struct Answer {
    int status = 0;
    std::string body;
    http::Headers headers;
    std::string contentType;

    [[nodiscard]] std::string code() const
    {
        return valueOf(contract::fromText<contract::Problem>(body)).code;
    }
};

/// The API over a database with two accounts, each with a bill of November, and a caller of every
/// role. It is 16 December 2023. No sockets: requests are handed to the API.
class ApiWorld : public UsageWorld {
public:
    explicit ApiWorld(TestDatabase& db)
        : UsageWorld(db, apiSchema)
        , brand(valueOf(formats::parseBrand(apiBrand, "<svg xmlns=\"http://www.w3.org/2000/svg\"/>")
          ))
        , api(context(), { brand, "1.0", "here", 1, backend::PasswordCost::least() })
    {
        clock.set(at("2023-12-16T09:00:00Z"));
        addEntity(brand.entities.front().code, brand.entities.front().series);
        addPlan();
        acme = addCustomer("Acme");
        zeta = addCustomer("Zeta");
        use(acme, "a", "2023-11-20T10:00:00Z");
        use(zeta, "z", "2023-11-21T10:00:00Z");
        runMonth("2023-11", true);
        admin = person("admin@testlake.example", Role::Admin, std::nullopt);
        finance = person("finance@testlake.example", Role::Finance, std::nullopt);
        customer = person("ada@acme.example", Role::Customer, acme);
        reader = token("reader", Role::ReadOnly);
        intake = token("meter", Role::UsageIntake);
        publish();
    }

    void use(AccountId account, const std::string& id, const std::string& when)
    {
        REQUIRE(add({ call(account, id, when, 1500) }).refused.empty());
    }
    void runMonth(const std::string& month, bool issue)
    {
        backend::BillRunOptions options;
        options.month = valueOf(parseMonth(month));
        options.issue = issue;
        for (const auto& outcome :
             valueOf(backend::runBills(context(), commandLine, brand, options)))
            REQUIRE_FALSE(outcome.error.has_value());
    }
    void publish() { REQUIRE(detailOf(api.publishChanges()) == ""); }

    [[nodiscard]] Answer
    ask(http::Method method, const std::string& target, const std::string& token,
        const std::string& body = "",
        const std::vector<std::pair<std::string, std::string>>& headers = {}) const
    {
        http::Request request;
        request.method = method;
        const std::size_t mark = target.find('?');
        request.path = request.rawPath = target.substr(0, mark);
        if (mark != std::string::npos)
            addQuery(request, target.substr(mark + 1));
        if (!token.empty())
            request.headers.set("Authorization", "Bearer " + token);
        for (const auto& [name, value] : headers)
            request.headers.set(name, value);
        request.body = body;
        request.remoteAddress = "192.0.2.1";
        http::Response response = api.handle(std::move(request));
        Answer answer { response.status, std::move(response.body), std::move(response.headers),
                        std::move(response.contentType) };
        if (const auto* producer = std::get_if<http::Producer>(&response.stream))
            while (auto piece = valueOf((*producer)()))
                answer.body += *piece;
        return answer;
    }
    [[nodiscard]] Answer get(const std::string& target, const std::string& token) const
    {
        return ask(http::Method::Get, target, token);
    }
    /// With a key of its own, where none is given.
    Answer write(
        http::Method method, const std::string& target, const std::string& token,
        const std::string& body, const std::string& key = ""
    )
    {
        return ask(
            method, target, token, body,
            { { "Idempotency-Key", key.empty() ? fmt::format("test-key-{}", ++m_keys) : key } }
        );
    }

    /// Like the brand's first, by this code and with this series of bill numbers.
    void addEntity(const std::string& code, const std::string& series)
    {
        const formats::BrandEntity& from = brand.entities.front();
        backend::LegalEntity entity;
        entity.code = code;
        entity.party = from.party;
        entity.bankDetails = from.bankLines.front();
        entity.series = series;
        entity.taxCurrency = from.taxCurrency;
        entity.tax = from.tax;
        entity.taxRounding = from.taxRounding;
        REQUIRE(detailOf(backend::ensureLegalEntities(context(), commandLine, { entity })) == "");
    }
    /// A new person with one role; the token of their session.
    std::string person(const std::string& email, Role role, std::optional<AccountId> account)
    {
        const backend::PasswordCost cost = backend::PasswordCost::least();
        const std::string password = "correct horse battery";
        REQUIRE(
            detailOf(backend::addPersonWithPassword(
                context(), commandLine, email, "Somebody", { { role, account } }, password, cost
            ))
            == ""
        );
        return valueOf(backend::signIn(context(), email, password, "192.0.2.1", cost)).token;
    }

    [[nodiscard]] contract::AccountView view(AccountId account) const
    {
        return valueOf(contract::fromText<contract::AccountView>(
            get(fmt::format("/v1/accounts/{}", account), admin).body
        ));
    }
    [[nodiscard]] BillId billOf(AccountId account) const
    {
        const auto page = valueOf(contract::fromText<contract::Page<BillSummary>>(
            get(fmt::format("/v1/accounts/{}/bills", account), admin).body
        ));
        return page.items.front().id;
    }

    formats::Brand brand;
    backend::Api api;
    AccountId acme = 0;
    AccountId zeta = 0;
    std::string admin;
    std::string finance;
    std::string customer; ///< of acme
    std::string reader; ///< a service token that only reads
    std::string intake; ///< a service token that sends usage

private:
    static void addQuery(http::Request& request, std::string text)
    {
        while (!text.empty()) {
            const std::size_t end = std::min(text.find('&'), text.size());
            const std::size_t equals = text.find('=');
            request.query.add(text.substr(0, equals), text.substr(equals + 1, end - equals - 1));
            text.erase(0, end + 1);
        }
    }
    void addPlan()
    {
        PricePlan plan;
        plan.code = "standard";
        plan.name = "Standard";
        plan.effective = valueOf(parseDate("2023-01-01"));
        plan.prices = { { "*", "calls", "Model API", "Calls", "k calls", 1000,
                          valueOf(parseRate("0.05")), 0, "" } };
        REQUIRE(detailOf(backend::loadPlan(context(), commandLine, plan)) == "");
    }
    AccountId addCustomer(const std::string& name)
    {
        backend::BillingProfile profile;
        profile.legalName = name + " SARL";
        profile.addressLines = { "1 Rue de la Paix" };
        profile.country = "FR";
        profile.emails = { "bills@" + name + ".example" };
        backend::NewAccount wanted;
        wanted.name = name;
        wanted.timeZone = "UTC";
        wanted.profile = profile;
        return valueOf(backend::addAccount(context(), commandLine, wanted));
    }
    std::string token(const std::string& name, Role role)
    {
        return valueOf(backend::addServiceToken(
                           context(), commandLine, name, role, std::nullopt, std::nullopt
                       ))
            .secret;
    }

    int m_keys = 0;
};

} // namespace quittance::testing
