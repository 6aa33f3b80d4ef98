#include "tests/ui/widgets/gallery.h"
#include "ui/shell/main_window.h"
#include "ui/shell/sign_in_page.h"
#include "ui/widgets/bars.h"
#include "ui/widgets/figure_tile.h"
#include "ui/widgets/label.h"
#include "ui/widgets/picker.h"
#include "ui/widgets/search_field.h"
#include "ui/widgets/table_view.h"
#include "ui/widgets/view_memory.h"

#include <QApplication>
#include <QDir>
#include <QMenu>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace quittance::ui;

namespace {

constexpr int readable = 45; // tenths of 4.5:1

std::unique_ptr<MainWindow> makeWindow()
{
    auto window = std::make_unique<MainWindow>();
    window->setBrand({ QStringLiteral("Northlake"), {} });
    window->setPerson(QStringLiteral("Jonas Okafor"), QStringLiteral("Finance, admin"));
    window->setZoneText(QStringLiteral("Days in Europe/Berlin"));
    window->accountPicker()->setChoices(
        { { QStringLiteral("1"), QStringLiteral("Acme Research"), {} } }
    );
    window->periodPicker()->setChoices(
        { { QStringLiteral("11"), QStringLiteral("November 2026"), {} } }
    );
    window->addPage({ QStringLiteral("overview"), Icon::Overview, {}, new gallery::OverviewPage });
    window->addPage({ QStringLiteral("parts"), Icon::Costs, QStringLiteral("Finance"),
                      new gallery::PartsPage });
    window->setPageCount(QStringLiteral("parts"), 4);
    window->setSyncState(Tone::Good, QStringLiteral("Live, 12 s ago"));
    return window;
}

} // namespace

/// Draws every widget in both themes and both sizes; QUITTANCE_GALLERY names a folder to keep the
/// pictures in.
class GalleryTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        m_folder = qEnvironmentVariableIsSet("QUITTANCE_GALLERY")
            ? qEnvironmentVariable("QUITTANCE_GALLERY")
            : m_temporary.path();
        QVERIFY(QDir().mkpath(m_folder));
        m_theme = std::make_unique<Theme>(*qApp);
    }

    void textIsReadable_data()
    {
        QTest::addColumn<QColor>("text");
        QTest::addColumn<QColor>("ground");
        for (const auto& [name, c] :
             { std::pair("light", lightColours()), std::pair("dark", darkColours()) }) {
            const auto row
                = [name = name](const char* pair, const QColor& text, const QColor& ground) {
                      QTest::addRow("%s: %s", name, pair) << text << ground;
                  };
            row("text on panel", c.text, c.panel);
            row("text on window", c.text, c.window);
            row("text on chosen", c.text, c.chosen());
            row("muted on panel", c.muted, c.panel);
            row("muted on window", c.muted, c.window);
            row("muted on soft", c.muted, c.soft);
            row("accent on panel", c.accent, c.panel);
            row("accent button", c.onAccent, c.accent);
            row("accent badge", c.accent, c.softOf(Tone::Accent));
            row("good badge", c.good, c.softOf(Tone::Good));
            row("warn badge", c.warn, c.softOf(Tone::Warn));
            row("bad badge", c.bad, c.softOf(Tone::Bad));
            row("muted badge", c.muted, c.softOf(Tone::Muted));
            row("bad on panel", c.bad, c.panel);
        }
    }
    void textIsReadable()
    {
        QFETCH(QColor, text);
        QFETCH(QColor, ground);
        const double ratio = contrastRatio(text, ground);
        QVERIFY2(ratio * 10 >= readable, qPrintable(QString::number(ratio)));
    }

    void contrastIsAsWcagSays()
    {
        QCOMPARE(qRound(contrastRatio(Qt::white, Qt::black) * 10), 210);
        QCOMPARE(qRound(contrastRatio(QColor(0x77, 0x77, 0x77), Qt::white) * 100), 448);
    }

    void coloursComeBackFromThePalette()
    {
        for (const Colours& c : { lightColours(), darkColours() }) {
            const Colours back = coloursOf(paletteOf(c));
            QCOMPARE(back.dark, c.dark);
            for (const auto part :
                 { &Colours::window, &Colours::panel, &Colours::line, &Colours::border,
                   &Colours::soft, &Colours::text, &Colours::muted, &Colours::disabled,
                   &Colours::accent, &Colours::onAccent, &Colours::good, &Colours::warn,
                   &Colours::bad })
                QCOMPARE(back.*part, c.*part);
        }
    }

    void anyBrandAccentIsReadable()
    {
        for (const char* name : { "#ffee00", "#000033", "#ff0000", "#33cc66" }) {
            m_theme->setAccent(QColor(QLatin1String(name)), QColor(QLatin1String(name)));
            for (const ThemeChoice choice : { ThemeChoice::Light, ThemeChoice::Dark }) {
                m_theme->setChoice(choice);
                const Colours c = m_theme->colours();
                QVERIFY2(contrastRatio(c.accent, c.panel) * 10 >= readable, name);
                QVERIFY2(contrastRatio(c.onAccent, c.accent) * 10 >= readable, name);
            }
        }
        m_theme->setAccent({}, {});
        QCOMPARE(m_theme->colours().accent, darkColours().accent);
    }

    void digitsAreTabular() { QVERIFY(hasTabularDigits(QApplication::font())); }

    void seriesKeepTheirColours()
    {
        SeriesColours colours;
        const QString services = QStringLiteral("services");
        const QColor first = colours.colourOf(services, QStringLiteral("a"));
        const QColor second = colours.colourOf(services, QStringLiteral("b"));
        QCOMPARE(first, chartColours()[0]);
        QCOMPARE(second, chartColours()[1]);
        QCOMPARE(colours.colourOf(services, QStringLiteral("a")), first);
        // Another list begins with the first colour, and takes none from this one.
        QCOMPARE(colours.colourOf(QStringLiteral("projects"), QStringLiteral("b")), first);
        QCOMPARE(colours.colourOf(services, QStringLiteral("c")), chartColours()[2]);
        QSet<QRgb> seen;
        for (int i = 0; i < 14; ++i)
            seen.insert(colours.colourOf(services, QString::number(i)).rgb());
        QCOMPARE(seen.size(), 14);
    }

    void coloursAreRemembered()
    {
        TransientViewMemory memory;
        SeriesColours(&memory).learn(
            QStringLiteral("services"), { QStringLiteral("a"), QStringLiteral("b") }
        );
        SeriesColours again(&memory);
        QCOMPARE(
            again.colourOf(QStringLiteral("services"), QStringLiteral("b")), chartColours()[1]
        );
        again.forget();
        QCOMPARE(
            SeriesColours(&memory).colourOf(QStringLiteral("services"), QStringLiteral("b")),
            chartColours()[0]
        );
    }

    void pages_data()
    {
        QTest::addColumn<ThemeChoice>("theme");
        QTest::addColumn<QSize>("size");
        QTest::addColumn<QString>("page");
        for (const char* page : { "overview", "parts", "offline", "sign-in" }) {
            QTest::addRow("%s-light", page)
                << ThemeChoice::Light << QSize(1440, 900) << QString::fromLatin1(page);
            QTest::addRow("%s-dark", page)
                << ThemeChoice::Dark << QSize(1440, 900) << QString::fromLatin1(page);
            // Parts is a sheet of samples, not a page: it has no small form.
            if (qstrcmp(page, "parts") != 0)
                QTest::addRow("%s-small", page)
                    << ThemeChoice::Light << QSize(1024, 700) << QString::fromLatin1(page);
        }
    }
    void pages()
    {
        QFETCH(ThemeChoice, theme);
        QFETCH(QSize, size);
        QFETCH(QString, page);
        m_theme->setChoice(theme);
        const auto window = makeWindow();
        window->setThemeChoice(theme);
        window->resize(size);
        window->show();
        QVERIFY(QTest::qWaitForWindowExposed(window.get()));
        arrange(*window, page);
        QTest::qWait(20);
        const QImage picture = window->grab().toImage();
        QCOMPARE(window->size(), size);
        QVERIFY(picture.save(
            m_folder + QLatin1Char('/') + QString::fromLatin1(QTest::currentDataTag())
            + QStringLiteral(".png")
        ));
        const Colours c = m_theme->colours();
        const bool framed = page != QLatin1String("sign-in");
        QCOMPARE(picture.pixelColor(3, size.height() - 60), framed ? c.panel : c.window);
        if (framed)
            QCOMPARE(
                picture.pixelColor(quittance::ui::size::railWidth - 1, size.height() / 2), c.line
            );
        checkNothingIsCut(*window);
    }

    void anOpenWindowFollowsTheTheme()
    {
        m_theme->setChoice(ThemeChoice::Light);
        const auto window = makeWindow();
        window->show();
        QVERIFY(QTest::qWaitForWindowExposed(window.get()));
        const Colours light = m_theme->colours();
        const QPoint onRail(3, window->height() - 60);
        QCOMPARE(window->grab().toImage().pixelColor(onRail), light.panel);
        m_theme->setChoice(ThemeChoice::Dark);
        QCoreApplication::processEvents();
        const QImage picture = window->grab().toImage();
        QCOMPARE(picture.pixelColor(onRail), darkColours().panel);
        QVERIFY(picture.save(m_folder + QStringLiteral("/switched.png")));
        // Nothing of the other theme is left: white was on every panel, and is in no dark token.
        int white = 0;
        for (int y = 0; y < picture.height(); ++y)
            for (int x = 0; x < picture.width(); ++x)
                white += picture.pixelColor(x, y) == light.panel ? 1 : 0;
        QCOMPARE(white, 0);
    }

    void popupsAreDrawnInTheTheme()
    {
        m_theme->setChoice(ThemeChoice::Dark);
        const auto window = makeWindow();
        window->show();
        QVERIFY(QTest::qWaitForWindowExposed(window.get()));
        std::vector<Picker::Choice> choices;
        for (int i = 1; i <= 12; ++i)
            choices.push_back({ QString::number(i), QStringLiteral("Account %1").arg(i),
                                QStringLiteral("USD") });
        window->accountPicker()->setChoices(choices);
        window->accountPicker()->open();
        QWidget* popup = QApplication::activePopupWidget();
        QVERIFY(popup != nullptr);
        const QImage list = popup->grab().toImage();
        QVERIFY(list.save(m_folder + QStringLiteral("/picker-dark.png")));
        QCOMPARE(list.pixelColor(3, 3), darkColours().panel);
        popup->close();
        auto* overview = dynamic_cast<gallery::OverviewPage*>(window->currentPage());
        const std::unique_ptr<QMenu> menu(overview->table()->makeColumnMenu(nullptr));
        menu->show();
        QVERIFY(menu->grab().save(m_folder + QStringLiteral("/menu-dark.png")));
    }

    void pictureForFiles()
    {
        m_theme->setChoice(ThemeChoice::Dark);
        StackedColumnChart chart;
        chart.setData(gallery::costsByDay());
        const QImage picture
            = chart.picture({ 900, 420 }, QStringLiteral("Cost by service, November 2026"), true);
        QCOMPARE(picture.size(), QSize(1800, 840));
        QCOMPARE(picture.pixelColor(2, 2), lightColours().panel);
        QVERIFY(picture.save(m_folder + QStringLiteral("/chart-print.png")));
    }

private:
    static void arrange(MainWindow& window, const QString& page)
    {
        if (page == QLatin1String("parts"))
            window.showPage(page);
        if (page == QLatin1String("sign-in")) {
            window.signIn()->setServer(QStringLiteral("https://billing.northlake.example"));
            window.showSignIn();
            window.signIn()->showError(
                QStringLiteral("The server does not know this e-mail and password.")
            );
        }
        if (page != QLatin1String("offline"))
            return;
        window.setSyncState(Tone::Warn, QStringLiteral("Offline"));
        window.setOffline(MainWindow::OfflineTexts {
            QStringLiteral("Offline since 14:02, showing data of 13:58."),
            QStringLiteral(
                "Reading, search and saved documents work. Payments wait for the network."
            ),
            QStringLiteral("Next try in 20 s") });
        window.setNotice(
            QStringLiteral("You see what Acme Research sees, read only."), QStringLiteral("End")
        );
        window.progress()->setTask(
            QStringLiteral("Loading bills of Acme Research"), 420, 1'000, true
        );
        auto* overview = dynamic_cast<gallery::OverviewPage*>(window.currentPage());
        overview->chart()->setFocus(Qt::TabFocusReason);
        QTest::keyClick(overview->chart(), Qt::Key_Home);
        for (int step = 0; step < 11; ++step)
            QTest::keyClick(overview->chart(), Qt::Key_Right);
        QTest::keyClick(overview->chart(), Qt::Key_Up);
        overview->table()->selectRow(3);
    }

    /// No label is narrower than its words, unless it may cut them and says so in a tooltip.
    static void checkNothingIsCut(const QWidget& window)
    {
        for (const auto* label : window.findChildren<Label*>()) {
            if (!label->isVisible() || label->wordWrap() || label->text().isEmpty())
                continue;
            const bool fits = label->contentsRect().width() + 1
                >= label->fontMetrics().horizontalAdvance(label->text());
            const bool mayCut = label->minimumSizeHint().width()
                < label->fontMetrics().horizontalAdvance(label->text());
            QVERIFY2(fits || mayCut, qPrintable(label->text()));
        }
    }

    QTemporaryDir m_temporary;
    QString m_folder;
    std::unique_ptr<Theme> m_theme;
};

int main(int argc, char** argv)
{
    if (!qEnvironmentVariableIsSet("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedKingdom));
    const QApplication application(argc, argv);
    GalleryTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_gallery.moc"
