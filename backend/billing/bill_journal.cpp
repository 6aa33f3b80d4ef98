#include "backend/billing/bill_journal.h"

#include "backend/journal/journal.h"
#include "backend/journal/secure.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

namespace quittance::backend {

namespace {

namespace json = boost::json;

constexpr std::string_view documentsField = "documents";
/// Paying a bill changes it.
constexpr std::string_view stateField = "state";

json::object hashesOf(std::span<const DocumentHash> documents)
{
    json::object hashes;
    for (const DocumentHash& document : documents)
        hashes[document.format] = hexText(document.sha256);
    return hashes;
}

json::object journalObject(const Bill& bill, std::span<const DocumentHash> documents)
{
    const BillSummary& summary = bill.summary;
    json::object text;
    text["month"] = toText(summary.periodMonth);
    text["periodBegin"] = toText(summary.period.begin);
    text["periodEnd"] = toText(summary.period.end);
    text["timeZone"] = bill.timeZone;
    text["zoneData"] = bill.timeZoneVersion;
    text[stateField] = wireName(summary.state);
    text["total"] = amountText(summary.total);
    text["currency"] = summary.total.currency.code();
    text["lines"] = summary.lineCount;
    if (!summary.number.empty())
        text["number"] = summary.number;
    if (summary.due)
        text["due"] = toText(*summary.due);
    if (!summary.missingFields.empty())
        text["missing"] = json::array(summary.missingFields.begin(), summary.missingFields.end());
    if (!documents.empty())
        text[documentsField] = hashesOf(documents);
    return text;
}

json::object parsed(const std::string& text)
{
    json::error_code error;
    const json::value value = json::parse(text, error);
    return !error && value.is_object() ? value.get_object() : json::object();
}

json::object documentsOf(const json::object& entry)
{
    const json::value* const documents = entry.if_contains(documentsField);
    return documents != nullptr && documents->is_object() ? documents->get_object()
                                                          : json::object();
}

/// Calls differ(name, said, found) for every field of `found` of which `said` says something else.
template <class Differ>
void compareFields(const json::object& said, const json::object& found, Differ differ)
{
    for (const auto& [name, value] : found) {
        const json::value* const other = said.if_contains(name);
        if (other == nullptr || *other != value)
            differ(
                name, other == nullptr ? "nothing" : json::serialize(*other), json::serialize(value)
            );
    }
}

} // namespace

std::string journalText(const Bill& bill, std::span<const DocumentHash> documents)
{
    return json::serialize(journalObject(bill, documents));
}

std::string archiveText(std::span<const DocumentHash> documents)
{
    return json::serialize(json::object { { documentsField, hashesOf(documents) } });
}

Result<std::vector<std::string>> compareWithJournal(
    database::Transaction& tx, const Bill& bill, std::span<const DocumentHash> documents
)
{
    QUITTANCE_TRY(const auto entries, journalOf(tx, "bill", bill.summary.id, billIssued));
    std::vector<std::string> faults;
    if (entries.size() != 1) {
        faults.push_back(fmt::format("the journal has {} entries of its issue", entries.size()));
        return faults;
    }
    json::object said = parsed(entries.front().draft.after);
    json::object found = journalObject(bill, documents);
    json::object saidDocuments = documentsOf(said);
    QUITTANCE_TRY(const auto later, journalOf(tx, "bill", bill.summary.id, billArchived));
    for (const JournalEntry& entry : later)
        for (const auto& [format, hash] : documentsOf(parsed(entry.draft.after))) {
            saidDocuments.emplace(format, hash);
            if (!documentsOf(found).contains(format))
                faults.push_back(
                    fmt::format("the archived {} document is missing", std::string_view(format))
                );
        }
    compareFields(saidDocuments, documentsOf(found), [&](auto format, auto&&, auto&&) {
        faults.push_back(fmt::format(
            "the archived {} document is not the one that the journal says was issued",
            std::string_view(format)
        ));
    });
    for (const std::string_view apart : { documentsField, stateField })
        found.erase(apart);
    compareFields(said, found, [&](auto name, const auto& was, const auto& is) {
        faults.push_back(fmt::format(
            "the journal says that it was issued with {} {}, it has {}", std::string_view(name),
            was, is
        ));
    });
    return faults;
}

} // namespace quittance::backend
