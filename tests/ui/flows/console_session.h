#pragma once

#include "app/console/console.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/view_memory.h"

#include <QApplication>
#include <QLocale>
#include <QString>
#include <QStringList>
#include <QTemporaryDir>
#include <QTest>
#include <QUrl>

#include <memory>

class QAbstractButton;
class QLineEdit;

namespace quittance::ui {
class Picker;
class TableView;
} // namespace quittance::ui

/// Waits for what must come; long, for a slow machine is no failure. The condition is not asked
/// again once it holds, so it may press something.
#define FLOW_TRY(condition) FLOW_TRY2(condition, QStringLiteral(#condition))
/// With what is shown instead, where it does not come.
#define FLOW_TRY2(condition, shown)                                                                \
    do {                                                                                           \
        const bool came = QTest::qWaitFor([&] { return condition; }, 30'000);                      \
        QVERIFY2(came, qPrintable(shown));                                                         \
    } while (false)
#define FLOW_TRY_COMPARE(actual, expected) QTRY_COMPARE_WITH_TIMEOUT(actual, expected, 30'000)

namespace quittance::flows {

/// The console's real main window with its real services, as a person sits before it: what is found
/// is visible, by its words; what is done are keys and clicks. Files are "saved" where nextFile
/// says.
class ConsoleSession {
public:
    explicit ConsoleSession(QUrl server);
    ~ConsoleSession();
    ConsoleSession(const ConsoleSession&) = delete;
    ConsoleSession& operator=(const ConsoleSession&) = delete;
    ConsoleSession(ConsoleSession&&) = delete;
    ConsoleSession& operator=(ConsoleSession&&) = delete;

    /// Starts the console. What an earlier start left on disk and in the settings is there again.
    [[nodiscard]] bool open();
    void close(); ///< the program ends
    [[nodiscard]] console::Console& console() { return *m_console; }
    [[nodiscard]] ui::MainWindow& window() { return m_console->window(); }

    void signIn(const QString& email, const QString& password); ///< types both, presses the button
    void signOut();
    void showPage(const QString& title); ///< presses it in the rail
    [[nodiscard]] bool hasPage(const QString& title);
    [[nodiscard]] bool isLive(); ///< signed in, and everything is on this computer
    [[nodiscard]] bool isOffline();

    QString nextFile; ///< the answer to the next question where to save
    QString suggestedFile; ///< the name that it suggested
    [[nodiscard]] QString file(const QString& name) const { return m_files.filePath(name); }
    /// All bytes that the console keeps on disk.
    [[nodiscard]] QByteArray bytesOnDisk() const;

private:
    QUrl m_server;
    QTemporaryDir m_data;
    QTemporaryDir m_files;
    ui::TransientViewMemory m_memory;
    ui::Theme m_theme;
    std::unique_ptr<console::Console> m_console;
};

// What is visible below `in`, by its words; nullptr where there is none.
[[nodiscard]] QAbstractButton* button(QWidget& in, const QString& words);
[[nodiscard]] QLineEdit* field(QWidget& in, const QString& label);
[[nodiscard]] ui::Picker* picker(QWidget& in, const QString& label);
[[nodiscard]] ui::TableView* table(QWidget& in, const QString& objectName);
/// True where a visible label or button below `in` holds these words.
[[nodiscard]] bool says(const QWidget& in, const QString& words);
/// Everything that `in` holds in words, visible or not: labels, fields, buttons, tables.
[[nodiscard]] QString allWords(const QWidget& in);

// Each is false where there is nothing to press.
bool press(QWidget* widget);
bool press(QWidget& in, const QString& words);
bool type(QLineEdit* edit, const QString& text); ///< in place of what it holds
bool pick(ui::Picker* picker, const QString& choice);
bool pressHeader(ui::TableView& table, int column);
bool pressRow(ui::TableView& table, int row);
bool openRow(ui::TableView& table, int row); ///< as the desktop does: a double click
/// Presses the head of a bill's line, which unfolds it or folds it again.
bool pressLine(QWidget& in, int number);
/// Chooses in the menu that is open.
bool chooseInMenu(const QString& words);
/// Asks for the context menu of a row and chooses in it.
bool chooseInContextMenu(ui::TableView& table, int row, const QString& words);

[[nodiscard]] QByteArray contentOf(const QString& name); ///< empty where it cannot be read
[[nodiscard]] QStringList columnTexts(const ui::TableView& table, int column);

/// QTEST_MAIN for flows: a display where there is none, and words of one locale.
template <class Test> int runFlow(int argc, char** argv)
{
    if (!qEnvironmentVariableIsSet("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    const QApplication application(argc, argv);
    Test test;
    return QTest::qExec(&test, argc, argv);
}

} // namespace quittance::flows
