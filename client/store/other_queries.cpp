#include "client/store/item_writer.h"
#include "client/store/store.h"
#include "core/contract/codec.h"

#include <fmt/format.h>

namespace quittance::client {

using database::Row;
using database::Transaction;

namespace {

Result<PersonItem> readPerson(std::string_view text)
{
    QUITTANCE_TRY(const auto view, contract::fromText<contract::PersonView>(text));
    PersonItem person { view.id, view.name, view.email, view.disabled, view.joined, {} };
    for (const contract::GrantView& grant : view.grants)
        person.grants.push_back({ grant.role, grant.account });
    return person;
}

ProfileItem toProfileItem(AccountId account, const contract::ProfileView& profile)
{
    return { account,         profile.version, profile.legalName,     profile.addressLines,
             profile.country, profile.taxIds,  profile.purchaseOrder, profile.buyerReference,
             profile.emails,  profile.language };
}

TermsItem toTermsItem(AccountId account, const contract::TermsView& terms)
{
    return { account, terms.version, terms.legalEntity, terms.paymentDays };
}

Result<> readHistory(Transaction& tx, AccountId account, BillingDetails& details)
{
    QUITTANCE_TRY(
        const std::optional<std::string> text,
        tx.queryFirst<std::string>(
            "SELECT data FROM account_history WHERE account_id = $1", { account },
            [](const Row& row) { return std::string(asText(row.bytes(0))); }
        )
    );
    if (!text)
        return {};
    QUITTANCE_TRY(const auto view, contract::fromText<contract::AccountHistoryView>(*text));
    for (const contract::ProfileVersionView& version : view.profiles)
        details.profileVersions.push_back({ version.validFrom,
                                            toProfileItem(account, version.profile) });
    for (const contract::TermsVersionView& version : view.terms)
        details.termsVersions.push_back({ version.validFrom, toTermsItem(account, version.terms) });
    return {};
}

Result<std::vector<LegalEntityItem>> readLegalEntities(Transaction& tx)
{
    std::vector<LegalEntityItem> entities;
    QUITTANCE_CHECK(tx.query(
        "SELECT data FROM legal_entity ORDER BY id", {},
        [&](const Row& row) -> Result<> {
            QUITTANCE_TRY(
                auto view, contract::fromText<contract::LegalEntityView>(asText(row.bytes(0)))
            );
            entities.push_back({ std::move(view.code), std::move(view.legalName),
                                 std::move(view.country) });
            return {};
        }
    ));
    return entities;
}

// Quantities keep the decimals they were sent with: the digits of the line's meter.
Result<LineEvent> readEvent(std::string_view text, int quantityDigits)
{
    QUITTANCE_TRY(auto view, contract::fromText<contract::EventView>(text));
    LineEvent event;
    event.id = std::move(view.id);
    event.source = std::move(view.source);
    event.resource = std::move(view.resource);
    event.project = std::move(view.project);
    event.start = view.start;
    event.end = view.end;
    QUITTANCE_TRY(event.quantity, parseFixed(view.quantity, quantityDigits));
    QUITTANCE_TRY(event.quantityWithin, parseFixed(view.quantityWithin, quantityDigits));
    return event;
}

Result<int> quantityDigitsOf(const Bill& bill, std::int32_t line)
{
    for (const BillLine& candidate : bill.lines) {
        if (candidate.number == line)
            return candidate.quantityDigits;
    }
    return failure(
        ErrorCode::NotFound, fmt::format("bill {} has no line {}", bill.summary.id, line)
    );
}

} // namespace

Result<std::vector<AccountItem>> Store::accounts()
{
    return current()->read([](Transaction& tx) -> Result<std::vector<AccountItem>> {
        std::vector<AccountItem> accounts;
        QUITTANCE_CHECK(tx.query(
            "SELECT a.id, a.name, a.currency, a.time_zone, "
            "(SELECT COUNT(*) FROM bill b WHERE b.account_id = a.id) FROM account a ORDER BY "
            "a.name, a.id",
            {},
            [&](const Row& row) -> Result<> {
                QUITTANCE_TRY(const Currency currency, Currency::find(row.text(2)));
                accounts.push_back({ row.integer(0), row.string(1), currency, row.string(3),
                                     row.integer(4) });
                return {};
            }
        ));
        return accounts;
    });
}

Result<std::optional<std::string>> Store::timeZone(std::optional<AccountId> account)
{
    return current()->read([&](Transaction& tx) {
        return tx.queryFirst<std::string>(
            "SELECT time_zone FROM account WHERE $1 IS NULL OR id = $1 ORDER BY name, id LIMIT 1",
            { database::nullable(account) }, [](const Row& row) { return row.string(0); }
        );
    });
}

Result<std::vector<PersonItem>> Store::people()
{
    return current()->read([](Transaction& tx) -> Result<std::vector<PersonItem>> {
        std::vector<PersonItem> people;
        QUITTANCE_CHECK(tx.query(
            "SELECT data FROM person ORDER BY name, id", {},
            [&](const Row& row) -> Result<> {
                QUITTANCE_TRY(PersonItem person, readPerson(asText(row.bytes(0))));
                people.push_back(std::move(person));
                return {};
            }
        ));
        return people;
    });
}

Result<BillingDetails> Store::billingDetails(AccountId account)
{
    const contract::Scope scope { contract::Scope::Kind::History, account };
    QUITTANCE_TRY(const ScopeState history, this->scope(contract::toText(scope)));
    return current()->read([&](Transaction& tx) -> Result<BillingDetails> {
        QUITTANCE_TRY(
            const std::optional<std::string> text,
            tx.queryFirst<std::string>(
                "SELECT data FROM account WHERE id = $1", { account },
                [](const Row& row) { return std::string(asText(row.bytes(0))); }
            )
        );
        if (!text)
            return failure(
                ErrorCode::NotFound, fmt::format("account {} is not stored here", account)
            );
        QUITTANCE_TRY(const auto view, contract::fromText<contract::AccountView>(*text));
        BillingDetails details;
        details.profile = toProfileItem(account, view.profile);
        details.terms = toTermsItem(account, view.terms);
        details.historySyncedAt = history.syncedAt;
        QUITTANCE_CHECK(readHistory(tx, account, details));
        QUITTANCE_TRY(details.legalEntities, readLegalEntities(tx));
        return details;
    });
}

Result<LineEventPage>
Store::lineEvents(BillId bill, std::int32_t line, std::int64_t offset, int limit)
{
    QUITTANCE_TRY(const Bill stored, this->bill(bill));
    QUITTANCE_TRY(const int digits, quantityDigitsOf(stored, line));
    contract::Scope scope { contract::Scope::Kind::LineEvents, stored.summary.account, bill, line };
    QUITTANCE_TRY(const ScopeState state, this->scope(contract::toText(scope)));
    return current()->read([&](Transaction& tx) -> Result<LineEventPage> {
        LineEventPage page;
        page.complete = state.complete;
        page.syncedAt = state.syncedAt;
        QUITTANCE_TRY(
            page.total,
            tx.queryInteger(
                "SELECT COUNT(*) FROM line_event WHERE bill_id = $1 AND line = $2",
                { bill, std::int64_t { line } }
            )
        );
        QUITTANCE_CHECK(tx.query(
            "SELECT data FROM line_event WHERE bill_id = $1 AND line = $2 "
            "ORDER BY started_at, source, event_id LIMIT $3 OFFSET $4",
            { bill, std::int64_t { line }, std::int64_t { limit }, offset },
            [&](const Row& row) -> Result<> {
                QUITTANCE_TRY(LineEvent event, readEvent(asText(row.bytes(0)), digits));
                page.events.push_back(std::move(event));
                return {};
            }
        ));
        return page;
    });
}

} // namespace quittance::client
