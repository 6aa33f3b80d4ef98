#pragma once

#include "core/domain/bill.h"
#include "core/domain/money.h"
#include "core/domain/result.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace quittance::formats {

/// A company of the cloud that bills, as the brand file names it.
struct BrandEntity {
    std::string code; ///< "northlake-de": named by billing terms, never changed
    BillParty party; ///< name, address, tax ids and e-mail as printed
    std::vector<std::string> bankLines; ///< how to pay by transfer, as printed
    std::string series; ///< prefix of its bill numbers
    Currency taxCurrency;
    TaxRate tax; ///< of its accounts unless said otherwise
    std::string taxNote; ///< printed where there is no tax: the reason
    Rounding taxRounding = Rounding::HalfAwayFromZero;

    bool operator==(const BrandEntity&) const = default;
};

/// What makes the product the cloud's own: console and documents show nothing else of who runs it.
struct Brand {
    std::string name; ///< "Northlake"
    std::string logoSvg;
    std::string accentLight; ///< "#2f5fd0": the accent colour on light ground
    std::string accentDark;
    std::string website;
    std::string supportEmail;
    std::vector<BrandEntity> entities; ///< at least one; the first bills accounts without terms

    bool operator==(const Brand&) const = default;
};

/// The bytes of a brand file and of its logo: what an installation keeps of its brand.
struct BrandFile {
    std::string json;
    std::string logoSvg;

    bool operator==(const BrandFile&) const = default;
};
/// NotFound, MalformedInput.
[[nodiscard]] Result<BrandFile> readBrandFile(const std::filesystem::path& file);

/// A brand file (JSON, closed): see docs/brand.md. `logoSvg` is read from the file
/// that "logo" names, beside the brand file. MalformedInput or InvalidArgument naming the field.
[[nodiscard]] Result<Brand> readBrand(const std::filesystem::path& file);
[[nodiscard]] Result<Brand> parseBrand(std::string_view json, std::string logoSvg);

} // namespace quittance::formats
