#include "ui/accounts/billing_words.h"

#include "core/domain/tax_ids.h"
#include "core/domain/text_rules.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <array>

namespace quittance::ui {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(BillingWords)
};

/// The words for a list with too many entries, or with one that is wrong.
template <class Wrong> QString wrongEntry(const QString& lines, std::size_t most, Wrong wrong)
{
    const QStringList entries = lines.split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    if (static_cast<std::size_t>(entries.size()) > most)
        return Words::tr("These are %1 lines, %2 are possible.").arg(entries.size()).arg(most);
    for (const QString& entry : entries) {
        QString text = wrong(entry);
        if (!text.isEmpty())
            return text;
    }
    return {};
}

} // namespace

QString countryName(const std::string& code)
{
    const QString text = QString::fromStdString(code);
    const QLocale::Territory territory = QLocale::codeToTerritory(text);
    return territory == QLocale::AnyTerritory ? text : QLocale::territoryToString(territory);
}

std::vector<Picker::Choice> countryChoices()
{
    std::vector<Picker::Choice> choices;
    for (const std::string_view code : countryCodes()) {
        const std::string text(code);
        choices.push_back({ QString::fromStdString(text), countryName(text),
                            QString::fromStdString(text) });
    }
    std::sort(choices.begin(), choices.end(), [](const auto& a, const auto& b) {
        return QString::localeAwareCompare(a.text, b.text) < 0;
    });
    // Nothing is chosen for a person who has said nothing yet.
    choices.insert(choices.begin(), { QString(), Words::tr("Choose a country"), {} });
    return choices;
}

QString languageName(const std::string& tag)
{
    const QString text = QString::fromStdString(tag);
    const QLocale locale(text);
    QString name = locale.language() == QLocale::C ? text : locale.nativeLanguageName();
    if (!name.isEmpty())
        name[0] = name.at(0).toUpper();
    return name;
}

std::vector<Picker::Choice> languageChoices(const std::string& current)
{
    std::vector<std::string> tags { "en", "de", "es", "fr", "it", "nl", "pl", "pt", "ja", "zh" };
    if (!current.empty() && std::find(tags.begin(), tags.end(), current) == tags.end())
        tags.push_back(current);
    std::vector<Picker::Choice> choices;
    choices.reserve(tags.size());
    for (const std::string& tag : tags)
        choices.push_back({ QString::fromStdString(tag), languageName(tag),
                            QString::fromStdString(tag) });
    return choices;
}

QString wrongText(const QString& value)
{
    if (checkText("", value.toStdString(), profile_limits::fieldSizeMaxBytes))
        return {};
    return Words::tr("This is too long, or holds what cannot be printed.");
}

QString wrongLegalName(const QString& value)
{
    return value.isEmpty() ? Words::tr("Bills need the legal name.") : wrongText(value);
}

QString wrongAddress(const QString& lines)
{
    if (lines.isEmpty())
        return Words::tr("Bills need an address.");
    return wrongEntry(lines, profile_limits::addressLinesMax, wrongText);
}

QString wrongCountry(const QString& code)
{
    return code.isEmpty() ? Words::tr("Bills need the country.") : QString();
}

QString wrongTaxIds(const QString& country, const QString& lines)
{
    const std::string code = country.toStdString();
    return wrongEntry(lines, profile_limits::taxIdsMax, [&](const QString& taxId) -> QString {
        if (checkTaxId(code, taxId.toStdString()))
            return {};
        const QString example = QString::fromStdString(exampleTaxId(code));
        if (example.isEmpty())
            return Words::tr("%1 is not a tax ID: it has 4 to 20 letters, digits and dashes.")
                .arg(taxId);
        return Words::tr("%1 is not a tax ID of %2. One looks like %3.")
            .arg(taxId, countryName(code), example);
    });
}

QString wrongEmails(const QString& lines)
{
    if (lines.isEmpty())
        return Words::tr("Bills are sent by e-mail: name an address.");
    return wrongEntry(lines, profile_limits::emailsMax, [](const QString& email) -> QString {
        if (checkEmail("", email.toStdString()))
            return {};
        return Words::tr("%1 is not an e-mail address.").arg(email);
    });
}

QString wrongPaymentDays(const QString& value)
{
    bool isNumber = false;
    const int days = value.toInt(&isNumber);
    if (isNumber && days >= 0 && days <= paymentDaysMax)
        return {};
    return Words::tr("Type a whole number of days, 0 to %1.").arg(paymentDaysMax);
}

QString taxIdHelp(const QString& country)
{
    const QString example = QString::fromStdString(exampleTaxId(country.toStdString()));
    return example.isEmpty() ? Words::tr("One a line.")
                             : Words::tr("One a line, for example %1.").arg(example);
}

QStringList missingNames(const ProfileItem& profile)
{
    const std::array<std::pair<bool, QString>, 4> needed { {
        { profile.legalName.empty(), Words::tr("legal name") },
        { profile.addressLines.empty(), Words::tr("address") },
        { profile.country.empty(), Words::tr("country") },
        { profile.emails.empty(), Words::tr("billing e-mail") },
    } };
    QStringList missing;
    for (const auto& [isMissing, name] : needed)
        if (isMissing)
            missing.append(name);
    return missing;
}

QStringList toQt(const std::vector<std::string>& values)
{
    QStringList texts;
    texts.reserve(static_cast<qsizetype>(values.size()));
    for (const std::string& value : values)
        texts.append(QString::fromStdString(value));
    return texts;
}

std::vector<std::string> fromQt(const QStringList& values)
{
    std::vector<std::string> texts;
    texts.reserve(static_cast<std::size_t>(values.size()));
    for (const QString& value : values)
        texts.push_back(value.toStdString());
    return texts;
}

} // namespace quittance::ui
