#include "models/format.h"

#include <QLocale>
#include <QTest>
#include <QTimeZone>

#include <limits>

using namespace quittance;

namespace {
Money money(std::int64_t minor, const char* currency = "USD")
{
    return Money { minor, Currency::find(currency).value() };
}

Date day(int year, int month, int dayOfMonth)
{
    return makeDate(year, month, dayOfMonth).value();
}

constexpr QChar nbsp(QChar::Nbsp);

} // namespace

class FormatTest : public QObject {
    Q_OBJECT

private slots:
    void currenciesAreListedInWords()
    {
        const auto listed = [](const std::vector<const char*>& codes) {
            std::vector<Currency> currencies;
            currencies.reserve(codes.size());
            for (const char* code : codes)
                currencies.push_back(Currency::find(code).value());
            return currencyListText(currencies, QLocale(QStringLiteral("en_GB")));
        };
        QCOMPARE(listed({}), QString());
        QCOMPARE(listed({ "EUR" }), QStringLiteral("EUR"));
        QCOMPARE(listed({ "EUR", "JPY" }), QStringLiteral("EUR and JPY"));
    }

    void amounts_data()
    {
        QTest::addColumn<qint64>("minor");
        QTest::addColumn<QString>("currency");
        QTest::addColumn<QString>("locale");
        QTest::addColumn<QString>("text");
        const auto row = [](const char* name, qint64 minor, const char* currency,
                            const char* locale, const QString& text) {
            QTest::newRow(name) << minor << QString::fromLatin1(currency)
                                << QString::fromLatin1(locale) << text;
        };
        row("grouped", 1'248'020, "USD", "en_GB", QStringLiteral("12,480.20"));
        row("small", -5, "USD", "en_GB", QStringLiteral("\u22120.05"));
        row("zero", 0, "USD", "en_GB", QStringLiteral("0.00"));
        row("no decimals", 1'200, "JPY", "en_GB", QStringLiteral("1,200"));
        row("three decimals", 1'234'567, "KWD", "en_GB", QStringLiteral("1,234.567"));
        row("German", 1'248'020, "EUR", "de_DE", QStringLiteral("12.480,20"));
        row("Spanish leaves four digits", 123'456, "EUR", "es_ES", QStringLiteral("1234,56"));
        row("Spanish groups five", 1'234'567, "EUR", "es_ES", QStringLiteral("12.345,67"));
        row("Arabic digits", 1'230, "USD", "ar_EG",
            QStringLiteral("\u0661\u0662\u066b\u0663\u0660"));
        row("lowest", std::numeric_limits<qint64>::min(), "USD", "en_GB",
            QStringLiteral("\u221292,233,720,368,547,758.08"));
        row("past the exact range of a double", 9'007'199'254'740'993, "USD", "en_GB",
            QStringLiteral("90,071,992,547,409.93"));
    }
    void amounts()
    {
        QFETCH(qint64, minor);
        QFETCH(QString, currency);
        QFETCH(QString, locale);
        QFETCH(QString, text);
        QCOMPARE(amountText(money(minor, currency.toLatin1().constData()), QLocale(locale)), text);
    }

    void currencyStandsAfterANoBreakSpace()
    {
        QCOMPARE(
            moneyText(money(1'234), QLocale(QStringLiteral("en_GB"))),
            QStringLiteral("12.34") + nbsp + QStringLiteral("USD")
        );
        QCOMPARE(
            wholeAmountText(money(-1'190'050), QLocale(QStringLiteral("en_GB"))),
            QStringLiteral("\u221211,901") + nbsp + QStringLiteral("USD")
        );
    }

    void changesHaveASign()
    {
        const QLocale english(QStringLiteral("en_GB"));
        QCOMPARE(amountText(money(4'807), english, Sign::Both), QStringLiteral("+48.07"));
        QCOMPARE(amountText(money(0), english, Sign::Both), QStringLiteral("0.00"));
        QCOMPARE(changeText(648'710, 756'935, english), QStringLiteral("+16.7%"));
        QCOMPARE(changeText(0, 10, english), QStringLiteral("\u2013"));
        QCOMPARE(changeText(-100, 100, english, 0), QStringLiteral("+200%"));
    }

    void quantities_data()
    {
        QTest::addColumn<QString>("decimal");
        QTest::addColumn<QString>("text");
        QTest::newRow("exact") << "1284.6167"
                               << "1,284.6167";
        QTest::newRow("zeros stay") << "610.0000"
                                    << "610.0000";
        QTest::newRow("longer than any integer") << "123456789012345678901234.5"
                                                 << "123,456,789,012,345,678,901,234.5";
        QTest::newRow("negative") << "-1500"
                                  << "\u22121,500";
        QTest::newRow("no decimal") << "12e3"
                                    << "12e3";
        QTest::newRow("empty") << ""
                               << "";
    }
    void quantities()
    {
        QFETCH(QString, decimal);
        QFETCH(QString, text);
        QCOMPARE(quantityText(decimal, QLocale(QStringLiteral("en_GB"))), text);
    }

    void ratesKeepTwoDecimalsAtLeast()
    {
        const QLocale english(QStringLiteral("en_GB"));
        QCOMPARE(rateText(Rate { 2'950'000'000 }, english), QStringLiteral("2.95"));
        QCOMPARE(rateText(Rate { 400 }, english), QStringLiteral("0.0000004"));
        QCOMPARE(fixedText(120, 2, english), QStringLiteral("1.2"));
    }

    void dates_data()
    {
        QTest::addColumn<QString>("locale");
        QTest::addColumn<QString>("shortSameYear");
        QTest::addColumn<QString>("shortOtherYear");
        QTest::addColumn<QString>("longDate");
        QTest::addColumn<QString>("month");
        QTest::newRow("British") << "en_GB"
                                 << "5 Nov"
                                 << "5 Nov 2026"
                                 << "5 November 2026"
                                 << "November 2026";
        QTest::newRow("American") << "en_US"
                                  << "Nov 5"
                                  << "Nov 5, 2026"
                                  << "November 5, 2026"
                                  << "November 2026";
        QTest::newRow("German") << "de_DE"
                                << "5. Nov."
                                << "5. Nov. 2026"
                                << "5. November 2026"
                                << "November 2026";
        QTest::newRow("Spanish") << "es_ES"
                                 << "5 de nov"
                                 << "5 de nov de 2026"
                                 << "5 de noviembre de 2026"
                                 << "noviembre de 2026";
        QTest::newRow("Chinese") << "zh_CN"
                                 << "11月5日"
                                 << "2026年11月5日"
                                 << "2026年11月5日"
                                 << "2026年11月";
    }
    void dates()
    {
        QFETCH(QString, locale);
        QFETCH(QString, shortSameYear);
        QFETCH(QString, shortOtherYear);
        QFETCH(QString, longDate);
        QFETCH(QString, month);
        const QLocale with(locale);
        const Date date = day(2026, 11, 5);
        QCOMPARE(dateShort(date, with, day(2026, 1, 1)), shortSameYear);
        QCOMPARE(dateShort(date, with, day(2027, 1, 1)), shortOtherYear);
        QCOMPARE(dateShort(date, with), shortOtherYear);
        QCOMPARE(dateLong(date, with), longDate);
        QCOMPARE(monthText(monthOf(date), with), month);
    }

    void dateRanges()
    {
        const QLocale english(QStringLiteral("en_GB"));
        QCOMPARE(
            dateRangeText(day(2026, 10, 1), day(2026, 10, 31), english),
            QStringLiteral("1\u201331 Oct 2026")
        );
        QCOMPARE(
            dateRangeText(day(2026, 10, 28), day(2026, 11, 3), english),
            QStringLiteral("28 Oct \u2013 3 Nov 2026")
        );
        QCOMPARE(
            dateRangeText(day(2026, 12, 28), day(2027, 1, 3), english),
            QStringLiteral("28 Dec 2026 \u2013 3 Jan 2027")
        );
        QCOMPARE(
            dateRangeText(day(2026, 10, 1), day(2026, 10, 1), english), QStringLiteral("1 Oct 2026")
        );
    }

    void instantsShowTheZonesClock()
    {
        const QLocale english(QStringLiteral("en_GB"));
        const Instant instant = parseInstant("2026-11-26T13:04:10Z").value();
        QCOMPARE(
            dateTimeText(instant, QTimeZone("Europe/Berlin"), english),
            QStringLiteral("26 Nov 2026, 14:04:10")
        );
        QCOMPARE(timeText(instant, QTimeZone("Europe/Berlin"), english), QStringLiteral("14:04"));
        QCOMPARE(timeText(Instant { -1 }, QTimeZone::utc(), english), QStringLiteral("23:59"));
        // Its short format has seconds, which nobody asked for.
        QCOMPARE(timeText(instant, QTimeZone::utc(), QLocale::c()), QStringLiteral("13:04"));
        QCOMPARE(
            timeText(instant, QTimeZone::utc(), QLocale(QStringLiteral("en_US"))),
            QStringLiteral("1:04 PM")
        );
    }

    void unitsOfMetersStandInFull()
    {
        QCOMPARE(meterUnitText("GPU-s"), QStringLiteral("GPU-seconds"));
        QCOMPARE(meterUnitText("tokens"), QStringLiteral("tokens"));
    }

    void ages_data()
    {
        QTest::addColumn<qint64>("seconds");
        QTest::addColumn<QString>("text");
        QTest::newRow("ahead") << qint64(-3) << "now";
        QTest::newRow("now") << qint64(0) << "now";
        QTest::newRow("seconds") << qint64(12) << "12 s ago";
        QTest::newRow("minutes") << qint64(119) << "1 min ago";
        QTest::newRow("hours") << qint64(3 * 3600 + 5) << "3 h ago";
        QTest::newRow("a day") << qint64(86'400) << "1 day ago";
        QTest::newRow("days") << qint64(2 * 86'400) << "2 days ago";
    }
    void ages()
    {
        QFETCH(qint64, seconds);
        QFETCH(QString, text);
        QCOMPARE(ageText(seconds), text);
    }

    void daysAway()
    {
        const Date today = day(2026, 11, 26);
        QCOMPARE(daysAwayText(today, today), QStringLiteral("today"));
        QCOMPARE(daysAwayText(day(2026, 12, 2), today), QStringLiteral("in 6 days"));
        QCOMPARE(daysAwayText(day(2026, 11, 20), today), QStringLiteral("6 days ago"));
        QCOMPARE(daysAwayText(day(2026, 11, 25), today), QStringLiteral("yesterday"));
    }
};

QTEST_GUILESS_MAIN(FormatTest)
#include "tst_format.moc"
