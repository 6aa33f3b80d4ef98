#include "backend/accounts/accounts.h"
#include "backend/accounts/accounts_queries.h"
#include "backend/journal/journal.h"
#include "core/domain/tax_ids.h"
#include "core/domain/text_rules.h"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace quittance::backend {

namespace {

using database::Transaction;
namespace json = boost::json;

constexpr std::size_t codeSizeMaxBytes = 50;
constexpr std::size_t fieldSizeMaxBytes = 200;

std::string textOf(const LegalEntity& entity)
{
    json::array address(entity.party.addressLines.begin(), entity.party.addressLines.end());
    json::array taxIds(entity.party.taxIds.begin(), entity.party.taxIds.end());
    return json::serialize(json::object { { "code", entity.code },
                                          { "legalName", entity.party.legalName },
                                          { "addressLines", std::move(address) },
                                          { "country", entity.party.country },
                                          { "taxIds", std::move(taxIds) },
                                          { "series", entity.series },
                                          { "taxCurrency", entity.taxCurrency.code() },
                                          { "taxCategory", entity.tax.category },
                                          { "taxMillionths", entity.tax.millionths },
                                          { "bankDetails", entity.bankDetails } });
}

Result<> checkEntity(const LegalEntity& entity)
{
    QUITTANCE_CHECK(checkName("legal entity code", entity.code, codeSizeMaxBytes));
    QUITTANCE_CHECK(checkName("legal entity series", entity.series, codeSizeMaxBytes));
    QUITTANCE_CHECK(checkName("legalName", entity.party.legalName, fieldSizeMaxBytes));
    QUITTANCE_CHECK(checkCountry("country", entity.party.country));
    for (const std::string& line : entity.party.addressLines)
        QUITTANCE_CHECK(checkName("addressLines", line, fieldSizeMaxBytes));
    for (const std::string& taxId : entity.party.taxIds)
        QUITTANCE_CHECK(checkTaxId(entity.party.country, taxId));
    if (entity.tax.millionths < 0)
        return failure(
            ErrorCode::InvalidArgument,
            fmt::format("legal entity {}: its tax rate is negative", entity.code)
        );
    return {};
}

/// What is stored of an entity: buyer's fields of the party are not a seller's.
bool isSame(const LegalEntity& stored, LegalEntity wanted)
{
    wanted.party.purchaseOrder = stored.party.purchaseOrder;
    wanted.party.buyerReference = stored.party.buyerReference;
    return stored.party == wanted.party && stored.bankDetails == wanted.bankDetails
        && stored.series == wanted.series && stored.taxCurrency == wanted.taxCurrency
        && stored.tax == wanted.tax && stored.taxNote == wanted.taxNote
        && stored.taxRounding == wanted.taxRounding;
}

Result<> ensureEntity(
    Transaction& tx, const Context& context, const Actor& actor,
    const std::vector<LegalEntity>& known, const LegalEntity& wanted
)
{
    QUITTANCE_CHECK(checkEntity(wanted));
    const auto stored = std::find_if(known.begin(), known.end(), [&](const LegalEntity& entity) {
        return entity.code == wanted.code;
    });
    const bool isNew = stored == known.end();
    if (!isNew && isSame(*stored, wanted))
        return {};
    JournalDraft draft;
    draft.kind = isNew ? "legal-entity.created" : "legal-entity.changed";
    draft.subjectType = "legal-entity";
    draft.before = isNew ? "" : textOf(*stored);
    draft.after = textOf(wanted);
    if (isNew) {
        QUITTANCE_TRY(draft.subjectId, accounts_queries::insertLegalEntity(tx, wanted));
    } else {
        draft.subjectId = stored->id;
        QUITTANCE_CHECK(accounts_queries::updateLegalEntity(tx, wanted));
    }
    return appendJournal(tx, context, actor, draft);
}

} // namespace

Result<> ensureLegalEntities(
    const Context& context, const Actor& actor, const std::vector<LegalEntity>& entities
)
{
    return context.database.write([&](Transaction& tx) -> Result<> {
        QUITTANCE_TRY(const auto known, listLegalEntities(tx));
        for (const LegalEntity& entity : entities)
            QUITTANCE_CHECK(ensureEntity(tx, context, actor, known, entity));
        return {};
    });
}

} // namespace quittance::backend
