#include "sandbox/demo/demo_accounts.h"

#include <fmt/format.h>

#include <utility>

namespace quittance::sandbox {

namespace {

struct Place {
    const char* currency;
    const char* timeZone;
    const char* plan;
    const char* country;
    const char* language;
    const char* legalEntity;
    int paymentDays;
};

constexpr Place germany { "EUR", "Europe/Berlin", "standard-eur", "DE", "de", "northlake-de", 14 };
constexpr Place france { "EUR", "Europe/Paris", "standard-eur", "FR", "fr", "northlake-de", 14 };
constexpr Place unitedStates {
    "USD", "America/New_York", "standard", "US", "en", "northlake-us", 30
};
constexpr Place california { "USD", "America/Los_Angeles", "standard", "US",
                             "en",  "northlake-us",        14 };
constexpr Place japan { "JPY", "Asia/Tokyo", "standard-jpy", "JP", "ja", "northlake-us", 30 };
constexpr Place kuwait { "KWD", "Asia/Kuwait", "standard-kwd", "KW", "en", "northlake-us", 14 };
constexpr Place brazil { "USD", "America/Sao_Paulo", "standard", "BR", "en", "northlake-us", 30 };
constexpr Place india { "USD", "Asia/Kolkata", "standard-scale", "IN", "en", "northlake-us", 14 };

struct Row {
    const char* name;
    const char* legalName;
    const char* street;
    const char* city;
    const char* taxId;
    const char* domain;
    const char* customer;
    Place place;
    DemoAppetite appetite;
    std::vector<std::string> projects;
    std::vector<std::string> podSkus;
    const char* model;
};

// NOLINTNEXTLINE(readability-function-size): a table
std::vector<Row> rows()
{
    return {
        { "Acme Research",
          "Acme Research GmbH",
          "Torstrasse 91",
          "10119 Berlin",
          "DE811907980",
          "acme-research.example",
          "Lena Vogt",
          germany,
          { 60, 60, 40, 50 },
          { "training", "evaluation", "platform" },
          { "gpu-pod-h100", "gpu-pod-a100" },
          "llama-3.3-70b" },
        { "Borealis Labs",
          "Borealis Labs Inc.",
          "12 Canal Street",
          "Boston, MA 02114",
          "04-3391827",
          "borealis.example",
          "Priya Raman",
          unitedStates,
          { 80, 0, 60, 30 },
          { "genomics", "imaging" },
          { "gpu-pod-a100", "gpu-pod-l40s" },
          "llama-3.3-70b" },
        { "Kite Robotics",
          "Kite Robotics Inc.",
          "780 Mission Street",
          "San Francisco, CA 94103",
          "94-2404110",
          "kite-robotics.example",
          "Marcus Hale",
          california,
          { 50, 0, 10, 60 },
          { "simulation", "perception" },
          { "gpu-pod-l40s", "gpu-pod-a10" },
          "llama-3.1-8b" },
        { "Hanami Studio",
          "Hanami Studio KK",
          "1-2-3 Jingumae, Shibuya-ku",
          "Tokyo 150-0001",
          "T7000012050002",
          "hanami.example",
          "Aiko Tanaka",
          japan,
          { 30, 0, 30, 20 },
          { "render", "tools" },
          { "gpu-pod-l40s", "gpu-pod-t4" },
          "qwen-2.5-72b" },
        { "Atelier Nuage",
          "Atelier Nuage SAS",
          "8 rue des Archives",
          "75004 Paris",
          "FR40303265045",
          "atelier-nuage.example",
          "Camille Roux",
          france,
          { 20, 0, 70, 10 },
          { "assistant", "search" },
          { "gpu-pod-a10" },
          "llama-3.3-70b" },
        { "Gulf Vision",
          "Gulf Vision W.L.L.",
          "Al Hamra Tower",
          "Kuwait City",
          "",
          "gulf-vision.example",
          "Noura Al-Sabah",
          kuwait,
          { 40, 20, 0, 30 },
          { "satellite" },
          { "gpu-pod-a100" },
          "llama-3.1-8b" },
        { "Verde Agro",
          "Verde Agro Ltda.",
          "Avenida Paulista 1000",
          "01310-100 Sao Paulo",
          "",
          "verde-agro.example",
          "Rafael Costa",
          brazil,
          { 15, 0, 10, 40 },
          { "crops", "weather" },
          { "gpu-pod-t4", "gpu-pod-a10" },
          "llama-3.1-8b" },
        { "Monsoon Analytics",
          "Monsoon Analytics Pvt. Ltd.",
          "14 Residency Road",
          "Bengaluru 560025",
          "29AAGCB7383J1Z4",
          "monsoon.example",
          "Ananya Iyer",
          india,
          { 25, 0, 80, 15 },
          { "chat", "batch" },
          { "gpu-pod-a10" },
          "qwen-2.5-72b" },
        { "Fjord Energy",
          "Fjord Energy GmbH",
          "Am Sandtorkai 30",
          "20457 Hamburg",
          "DE129273398",
          "fjord-energy.example",
          "Jan Petersen",
          germany,
          { 10, 80, 0, 70 },
          { "forecast", "grid" },
          { "gpu-pod-v100m32" },
          "llama-3.1-8b" },
        { "Quill Legal",
          "Quill Legal LLP",
          "55 Water Street",
          "New York, NY 10041",
          "13-1986543",
          "quill-legal.example",
          "Grace Kim",
          unitedStates,
          { 0, 0, 50, 5 },
          { "review" },
          {},
          "llama-3.3-70b" },
        { "Tiny Orbit",
          "Tiny Orbit GmbH",
          "Leopoldstrasse 4",
          "80802 Muenchen",
          "DE143593636",
          "tiny-orbit.example",
          "Oskar Brandt",
          germany,
          { 5, 0, 5, 2 },
          { "lab" },
          { "gpu-pod-t4" },
          "llama-3.1-8b" },
        { "Harbor Health",
          "Harbor Health Inc.",
          "",
          "",
          "",
          "harbor-health.example",
          "Dana Whitfield",
          unitedStates,
          { 20, 0, 20, 30 },
          { "records", "triage" },
          { "gpu-pod-a10", "gpu-pod-l40s" },
          "llama-3.3-70b" },
    };
}

backend::BillingProfile profileOf(const Row& row)
{
    backend::BillingProfile profile;
    profile.legalName = row.legalName;
    if (*row.street != '\0')
        profile.addressLines = { row.street, row.city };
    profile.country = row.place.country;
    if (*row.taxId != '\0')
        profile.taxIds = { row.taxId };
    profile.emails = { fmt::format("billing@{}", row.domain) };
    profile.language = row.place.language;
    return profile;
}

DemoAccount accountOf(const Row& row, int round)
{
    DemoAccount demo;
    const std::string suffix = round == 0 ? "" : fmt::format(" {}", round + 1);
    demo.account.name = row.name + suffix;
    demo.account.currency = row.place.currency;
    demo.account.timeZone = row.place.timeZone;
    demo.account.plan = row.place.plan;
    demo.account.profile = profileOf(row);
    demo.domain = round == 0 ? row.domain : fmt::format("{}.{}", round + 1, row.domain);
    demo.customer = row.customer;
    demo.legalEntity = row.place.legalEntity;
    demo.paymentDays = row.place.paymentDays;
    demo.appetite = row.appetite;
    demo.projects = row.projects;
    demo.podSkus = row.podSkus;
    demo.model = row.model;
    return demo;
}

} // namespace

std::vector<DemoAccount> demoAccounts(int count)
{
    const std::vector<Row> table = rows();
    std::vector<DemoAccount> accounts;
    accounts.reserve(static_cast<std::size_t>(count));
    const auto size = static_cast<int>(table.size());
    for (int i = 0; i < count; ++i)
        accounts.push_back(accountOf(table[static_cast<std::size_t>(i % size)], i / size));
    return accounts;
}

} // namespace quittance::sandbox
