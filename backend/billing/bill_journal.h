#pragma once

#include "backend/billing/stored_bill.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

/// What the journal says of a bill: written by the run, compared by verify. So whoever changes an
/// issued bill with its archive in the database must change the journal too.
namespace quittance::backend {

constexpr std::string_view billDrafted = "bill.drafted";
constexpr std::string_view billIssued = "bill.issued";
/// A document that was made after the issue.
constexpr std::string_view billArchived = "bill.archived";

struct DocumentHash {
    std::string format;
    database::Bytes sha256;
};

/// Compact JSON of what a reader of the journal needs to know of a bill; names and addresses stay
/// out. With the hashes of its documents where it is issued.
[[nodiscard]] std::string
journalText(const Bill& bill, std::span<const DocumentHash> documents = {});

/// The same of documents that were archived after the issue.
[[nodiscard]] std::string archiveText(std::span<const DocumentHash> documents);

/// An issued bill and the documents that are archived now against the journal's entries of its
/// issue and of documents made later: one line for each thing that differs.
Result<std::vector<std::string>> compareWithJournal(
    database::Transaction& tx, const Bill& bill, std::span<const DocumentHash> documents
);

} // namespace quittance::backend
