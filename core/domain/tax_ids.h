#pragma once

#include "core/domain/result.h"

#include <string>
#include <string_view>

namespace quittance {

/// The format of a tax id, as its country writes it; check digits are not computed. Blanks, dots
/// and dashes do not count. An id that carries another country's VAT prefix ("ATU12345678" of a
/// German firm) is checked by that country. A country whose format is not known here: 4 to 20
/// letters, digits and dashes. InvalidArgument names the value, the country and the formats it may
/// have. Source for the EU and Northern Ireland: VIES, "VAT identification numbers structure";
/// others: each tax authority.
[[nodiscard]] Result<> checkTaxId(std::string_view country, std::string_view taxId);

/// What a tax id of this country looks like, for help beside a field: "DE123456789". Empty where
/// the format is not known here.
[[nodiscard]] std::string exampleTaxId(std::string_view country);

} // namespace quittance
