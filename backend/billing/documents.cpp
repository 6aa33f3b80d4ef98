#include "backend/billing/documents.h"

#include "backend/billing/billing.h"
#include "backend/billing/make_bill.h"
#include "core/formats/bill_csv.h"
#include "core/formats/bill_json.h"
#include "core/formats/bill_pdf.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace quittance::backend {

namespace {

using database::Transaction;

constexpr std::array documentFormats { "pdf", "csv", "json" };

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
    if (format == "pdf") {
        QUITTANCE_TRY(const auto print, printOf(tx, brand, stored.basis));
        return formats::billPdf(stored.bill, print);
    }
    return failure(
        ErrorCode::InvalidArgument,
        fmt::format("there is no document format '{}': pdf, csv or json", format)
    );
}

} // namespace

Result<std::vector<DocumentHash>> archiveDocuments(
    Transaction& tx, const Context& context, const formats::Brand& brand, const StoredBill& stored
)
{
    std::vector<DocumentHash> hashes;
    for (const std::string_view format : documentFormats) {
        QUITTANCE_TRY(const auto content, render(tx, brand, stored, format));
        database::Bytes bytes(content.size());
        std::ranges::transform(content, bytes.begin(), [](char byte) {
            return static_cast<std::byte>(byte);
        });
        hashes.push_back({ std::string(format), sha256(content) });
        QUITTANCE_CHECK(billing_queries::storeDocument(
            tx, stored.bill.summary,
            { std::string(format), std::move(bytes), hashes.back().sha256 }, context.clock.now()
        ));
    }
    return hashes;
}

Result<std::string>
billDocument(Transaction& tx, const formats::Brand& brand, BillId bill, std::string_view format)
{
    QUITTANCE_TRY(const auto stored, billing_queries::readBill(tx, bill));
    if (std::ranges::find(documentFormats, format) == documentFormats.end()
        || stored.bill.summary.state == BillState::Draft)
        return render(tx, brand, stored, format);
    QUITTANCE_TRY(auto archived, billing_queries::documentContent(tx, stored.bill.summary, format));
    if (!archived)
        return failure(
            ErrorCode::Corrupt,
            fmt::format(
                "the archived {} document of bill {} is missing", format, stored.bill.summary.number
            )
        );
    return std::move(*archived);
}

} // namespace quittance::backend
