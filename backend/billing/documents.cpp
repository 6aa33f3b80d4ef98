#include "backend/billing/documents.h"

#include "backend/billing/billing.h"
#include "backend/billing/make_bill.h"
#include "backend/journal/journal.h"
#include "core/formats/bill_csv.h"
#include "core/formats/bill_json.h"
#include "core/formats/bill_pdf.h"
#include "core/formats/bill_ubl.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace quittance::backend {

namespace {

using database::Transaction;

/// Archived when a bill is issued.
constexpr std::array documentFormats { "pdf", "csv", "json" };
/// Archived when it is first asked for, since not every bill can be one.
constexpr std::string_view eInvoiceFormat = "ubl";

std::vector<std::string> linesOf(std::string_view text)
{
    std::vector<std::string> lines;
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        lines.emplace_back(line);
        text.remove_prefix(std::min(line.size() + 1, text.size()));
    }
    return lines;
}

/// The brand's looks, and what the bill froze of its legal entity.
Result<formats::BillPrint>
printOf(Transaction& tx, const formats::Brand& brand, const BillBasis& basis)
{
    std::string code;
    if (basis.legalEntity != 0) {
        QUITTANCE_TRY(const auto entity, findLegalEntity(tx, basis.legalEntity));
        code = entity.code;
    }
    formats::BillPrint print = formats::billPrint(brand, code);
    print.bankLines = linesOf(basis.bankDetails);
    print.taxNote = basis.taxNote;
    return print;
}

Result<std::string> render(
    Transaction& tx, const formats::Brand& brand, const StoredBill& stored, std::string_view format
)
{
    if (format == "csv")
        return formats::billCsv(stored.bill);
    if (format == "json")
        return formats::billJson(stored.bill);
    if (format == "pdf" || format == eInvoiceFormat) {
        QUITTANCE_TRY(const auto print, printOf(tx, brand, stored.basis));
        return format == "pdf" ? formats::billPdf(stored.bill, print)
                               : formats::billUbl(stored.bill, print);
    }
    return failure(
        ErrorCode::InvalidArgument,
        fmt::format("there is no document format '{}': pdf, csv, json or ubl", format)
    );
}

/// Stores the bytes; their hash, for the journal.
Result<DocumentHash> archive(
    Transaction& tx, const Context& context, const BillSummary& bill, std::string_view format,
    const std::string& content
)
{
    database::Bytes bytes(content.size());
    std::ranges::transform(content, bytes.begin(), [](char byte) {
        return static_cast<std::byte>(byte);
    });
    DocumentHash hash { std::string(format), sha256(content) };
    QUITTANCE_CHECK(billing_queries::storeDocument(
        tx, bill, { hash.format, std::move(bytes), hash.sha256 }, context.clock.now()
    ));
    return hash;
}

/// In one transaction with the journal's entry, so that verify can tell these bytes from others.
Result<std::string> archiveEInvoice(
    Transaction& tx, const Context& context, const formats::Brand& brand, const StoredBill& stored
)
{
    const BillSummary& bill = stored.bill.summary;
    QUITTANCE_TRY(auto content, render(tx, brand, stored, eInvoiceFormat));
    QUITTANCE_TRY(const auto hash, archive(tx, context, bill, eInvoiceFormat, content));
    QUITTANCE_CHECK(appendJournal(
        tx, context, Actor {},
        { std::string(billArchived), bill.account, "bill", bill.id, "", archiveText({ &hash, 1 }),
          "" }
    ));
    return content;
}

/// The archived e-invoice, or none for a draft and where nobody has asked for it yet.
Result<std::optional<std::string>> archivedEInvoice(Transaction& tx, BillId bill)
{
    QUITTANCE_TRY(const auto stored, billing_queries::readBill(tx, bill));
    return billing_queries::documentContent(tx, stored.bill.summary, eInvoiceFormat);
}

} // namespace

Result<std::vector<DocumentHash>> archiveDocuments(
    Transaction& tx, const Context& context, const formats::Brand& brand, const StoredBill& stored
)
{
    std::vector<DocumentHash> hashes;
    for (const std::string_view format : documentFormats) {
        QUITTANCE_TRY(const auto content, render(tx, brand, stored, format));
        QUITTANCE_TRY(auto hash, archive(tx, context, stored.bill.summary, format, content));
        hashes.push_back(std::move(hash));
    }
    return hashes;
}

Result<std::string>
billDocument(Transaction& tx, const formats::Brand& brand, BillId bill, std::string_view format)
{
    QUITTANCE_TRY(const auto stored, billing_queries::readBill(tx, bill));
    if (stored.bill.summary.state == BillState::Draft)
        return render(tx, brand, stored, format);
    QUITTANCE_TRY(auto archived, billing_queries::documentContent(tx, stored.bill.summary, format));
    if (archived)
        return std::move(*archived);
    if (std::ranges::find(documentFormats, format) == documentFormats.end())
        return render(tx, brand, stored, format);
    return failure(
        ErrorCode::Corrupt,
        fmt::format(
            "the archived {} document of bill {} is missing", format, stored.bill.summary.number
        )
    );
}

Result<std::string> exportDocument(
    const Context& context, const formats::Brand& brand, BillId bill, std::string_view format
)
{
    if (format != eInvoiceFormat)
        return context.database.read([&](Transaction& tx) {
            return billDocument(tx, brand, bill, format);
        });
    const auto archived = [&](Transaction& tx) { return archivedEInvoice(tx, bill); };
    QUITTANCE_TRY(auto before, context.database.read(archived));
    if (before)
        return std::move(*before);
    auto made = context.database.write([&](Transaction& tx) -> Result<std::string> {
        QUITTANCE_TRY(const auto stored, billing_queries::readBill(tx, bill));
        if (stored.bill.summary.state == BillState::Draft)
            return render(tx, brand, stored, format);
        return archiveEInvoice(tx, context, brand, stored);
    });
    if (made)
        return made;
    // Another program may have been first: what it stored is the document.
    QUITTANCE_TRY(auto after, context.database.read(archived));
    return after ? Result<std::string>(std::move(*after)) : made;
}

Result<std::string> eInvoiceToCheck(Transaction& tx, const formats::Brand& brand, BillId bill)
{
    QUITTANCE_TRY(auto archived, archivedEInvoice(tx, bill));
    if (archived)
        return std::move(*archived);
    QUITTANCE_TRY(const auto stored, billing_queries::readBill(tx, bill));
    QUITTANCE_TRY(const auto print, printOf(tx, brand, stored.basis));
    return formats::uncheckedUbl(stored.bill, print);
}

} // namespace quittance::backend
