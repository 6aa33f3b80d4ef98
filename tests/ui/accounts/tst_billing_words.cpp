#include "ui/accounts/billing_words.h"

#include <QTest>

using namespace quittance;
using namespace quittance::ui;

class BillingWordsTest : public QObject {
    Q_OBJECT

private slots:
    void whatIsWrongIsSaidInWords_data()
    {
        QTest::addColumn<QString>("field");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("words");
        const auto row = [](const char* name, const char* field, const QString& value,
                            const char* words) {
            QTest::newRow(name) << QString::fromLatin1(field) << value << QString::fromUtf8(words);
        };
        const auto text = [](const char* value) { return QString::fromUtf8(value); };
        row("a name", "name", text("Zoë & Co"), "");
        row("no name", "name", {}, "Bills need the legal name.");
        row("a name too long", "name", QString(201, QLatin1Char('x')),
            "This is too long, or holds what cannot be printed.");
        row("a name with a bell", "name", QStringLiteral("A\aB"),
            "This is too long, or holds what cannot be printed.");
        row("an address", "address", text("1 Rue de la Paix\n75002 Paris"), "");
        row("no address", "address", {}, "Bills need an address.");
        row("seven lines", "address", text("1\n2\n3\n4\n5\n6\n7"), "");
        row("eight lines", "address", text("1\n2\n3\n4\n5\n6\n7\n8"),
            "These are 8 lines, 7 are possible.");
        row("a country", "country", text("DE"), "");
        row("no country", "country", {}, "Bills need the country.");
        row("a tax id", "tax DE", text("DE123456789"), "");
        row("no tax id", "tax DE", {}, "");
        row("a tax id with blanks", "tax DE", text("DE 123 456 789"), "");
        row("a digit short", "tax DE", text("DE12345678"),
            "DE12345678 is not a tax ID of Germany. One looks like DE123456789.");
        row("the second is wrong", "tax DE", text("DE123456789\nATU1"),
            "ATU1 is not a tax ID of Germany. One looks like DE123456789.");
        row("another country's", "tax DE", text("ATU12345678"), "");
        row("a country without a known format", "tax CN", text("a b"),
            "a b is not a tax ID: it has 4 to 20 letters, digits and dashes.");
        row("six tax ids", "tax DE", text("1\n2\n3\n4\n5\n6"),
            "These are 6 lines, 5 are possible.");
        row("an e-mail", "emails", text("bills@acme.example"), "");
        row("two e-mails", "emails", text("a@acme.example\nb@acme.example"), "");
        row("no e-mail", "emails", {}, "Bills are sent by e-mail: name an address.");
        row("an e-mail without a domain", "emails", text("a@acme.example\nbills@acme"),
            "bills@acme is not an e-mail address.");
        row("optional text", "text", {}, "");
        row("days", "days", text("30"), "");
        row("at once", "days", text("0"), "");
        row("a year", "days", text("365"), "");
        row("more than a year", "days", text("366"), "Type a whole number of days, 0 to 365.");
        row("no number", "days", text("a month"), "Type a whole number of days, 0 to 365.");
        row("no days", "days", {}, "Type a whole number of days, 0 to 365.");
        row("less than none", "days", text("-1"), "Type a whole number of days, 0 to 365.");
    }
    void whatIsWrongIsSaidInWords()
    {
        QFETCH(QString, field);
        QFETCH(QString, value);
        QFETCH(QString, words);
        QCOMPARE(wrong(field, value), words);
    }

    void countriesHaveNamesInOrder()
    {
        const std::vector<Picker::Choice> choices = countryChoices();
        QCOMPARE(choices.size(), std::size_t { 251 });
        QVERIFY(choices.front().id.isEmpty());
        for (std::size_t i = 2; i < choices.size(); ++i)
            QVERIFY2(
                QString::localeAwareCompare(choices[i - 1].text, choices[i].text) <= 0,
                qPrintable(choices[i].text)
            );
        QCOMPARE(countryName("DE"), QStringLiteral("Germany"));
        QCOMPARE(countryName("??"), QStringLiteral("??"));
    }

    void languagesSpeakForThemselves()
    {
        QCOMPARE(languageName("de"), QStringLiteral("Deutsch"));
        QCOMPARE(languageName("fr"), QStringLiteral("Français"));
        const auto has = [](const std::string& current, const char* tag) {
            const std::vector<Picker::Choice> choices = languageChoices(current);
            return std::any_of(choices.begin(), choices.end(), [&](const auto& choice) {
                return choice.id == QLatin1String(tag);
            });
        };
        QVERIFY(has("", "en"));
        QVERIFY(!has("en", "sv"));
        QVERIFY(has("sv", "sv"));
    }

    void whatABillNeedsIsNamed()
    {
        ProfileItem profile;
        QCOMPARE(
            missingNames(profile).join(QLatin1Char(' ')),
            QStringLiteral("legal name address country billing e-mail")
        );
        profile.legalName = "Acme";
        profile.addressLines = { "1 Rue de la Paix" };
        profile.country = "FR";
        QCOMPARE(missingNames(profile).join(QLatin1Char(' ')), QStringLiteral("billing e-mail"));
        profile.emails = { "bills@acme.example" };
        QVERIFY(missingNames(profile).isEmpty());
    }

private:
    static QString wrong(const QString& field, const QString& value)
    {
        if (field == QLatin1String("name"))
            return wrongLegalName(value);
        if (field == QLatin1String("address"))
            return wrongAddress(value);
        if (field == QLatin1String("country"))
            return wrongCountry(value);
        if (field == QLatin1String("emails"))
            return wrongEmails(value);
        if (field == QLatin1String("days"))
            return wrongPaymentDays(value);
        if (field == QLatin1String("text"))
            return wrongText(value);
        return wrongTaxIds(field.right(2), value);
    }
};

QTEST_GUILESS_MAIN(BillingWordsTest)
#include "tst_billing_words.moc"
