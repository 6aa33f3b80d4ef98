#pragma once

#include "core/domain/query.h"
#include "ui/widgets/picker.h"

#include <QStringList>

#include <string>
#include <vector>

/// Words for billing profiles: names of countries and languages, and what is wrong with what was
/// typed. The rules are the backend's own (core/domain/text_rules.h, tax_ids.h).
namespace quittance::ui {

[[nodiscard]] QString countryName(const std::string& code); ///< "Germany"; the code where unknown
[[nodiscard]] std::vector<Picker::Choice> countryChoices(); ///< by name; help is the code
[[nodiscard]] QString languageName(const std::string& tag); ///< "Deutsch"; the tag where unknown
/// Those that documents may be asked for in, and `current` where it is another.
[[nodiscard]] std::vector<Picker::Choice> languageChoices(const std::string& current);

// Each is empty where the value is right. Lists have an entry a line.
[[nodiscard]] QString wrongText(const QString& value); ///< too long, or unprintable
[[nodiscard]] QString wrongLegalName(const QString& value);
[[nodiscard]] QString wrongAddress(const QString& lines);
[[nodiscard]] QString wrongCountry(const QString& code);
[[nodiscard]] QString wrongTaxIds(const QString& country, const QString& lines);
[[nodiscard]] QString wrongEmails(const QString& lines);
[[nodiscard]] QString wrongPaymentDays(const QString& value);

/// "One a line, for example DE123456789."
[[nodiscard]] QString taxIdHelp(const QString& country);
/// What a bill needs and this profile lacks: "Address, Country"; empty where nothing.
[[nodiscard]] QStringList missingNames(const ProfileItem& profile);

[[nodiscard]] QStringList toQt(const std::vector<std::string>& values);
[[nodiscard]] std::vector<std::string> fromQt(const QStringList& values);

} // namespace quittance::ui
