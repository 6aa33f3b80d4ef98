#include "tests/ui/flows/console_session.h"

#include "ui/bills/line_row.h"
#include "ui/shell/sign_in_page.h"
#include "ui/widgets/picker.h"
#include "ui/widgets/table_view.h"

#include <QAbstractButton>
#include <QApplication>
#include <QContextMenuEvent>
#include <QDirIterator>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QTest>
#include <QTimer>

#include <algorithm>
#include <utility>

namespace quittance::flows {

namespace {

/// What never answers is given up soon, so that a flow ends soon.
constexpr int answerMs = 2'000;

template <class Widget, class Predicate> Widget* findVisible(QWidget& in, Predicate matches)
{
    const QList<Widget*> all = in.findChildren<Widget*>();
    const auto found = std::find_if(all.begin(), all.end(), [&](Widget* widget) {
        return widget->isVisible() && matches(*widget);
    });
    return found == all.end() ? nullptr : *found;
}

QMenu* openMenu()
{
    return qobject_cast<QMenu*>(QApplication::activePopupWidget());
}

QPoint middleOf(const ui::TableView& table, int row)
{
    return table.visualRect(table.model()->index(row, table.horizontalHeader()->logicalIndexAt(0)))
        .center();
}

void appendWords(const QAbstractItemModel& model, QStringList& words)
{
    for (int row = 0; row < model.rowCount(); ++row)
        for (int column = 0; column < model.columnCount(); ++column)
            words.append(model.index(row, column).data().toString());
}

} // namespace

ConsoleSession::ConsoleSession(QUrl server)
    : m_server(std::move(server))
    , m_theme(*qApp, &m_memory)
{
}

ConsoleSession::~ConsoleSession() = default;

bool ConsoleSession::open()
{
    console::Console::Options options;
    options.storeFile = m_data.filePath(QStringLiteral("console.db"));
    options.server = m_server;
    options.tokens = client::TokenVault::Backing::MemoryOnly;
    options.answerMs = answerMs;
    options.pickSaveFile = [this](QWidget*, const QString& suggested, const QString&) {
        suggestedFile = suggested;
        return nextFile;
    };
    auto started = console::Console::start(options, m_theme, m_memory);
    if (!started)
        return false;
    m_console = std::move(*started);
    window().show();
    window().activateWindow();
    return QTest::qWaitForWindowActive(&window());
}

void ConsoleSession::close()
{
    window().close();
    m_console.reset();
}

void ConsoleSession::signIn(const QString& email, const QString& password)
{
    ui::SignInPage& page = *window().signIn();
    type(field(page, QStringLiteral("E-mail")), email);
    type(field(page, QStringLiteral("Password")), password);
    press(page, QStringLiteral("Sign in"));
}

void ConsoleSession::signOut()
{
    press(window(), QStringLiteral("your menu"));
    chooseInMenu(QStringLiteral("Sign out"));
}

void ConsoleSession::showPage(const QString& title)
{
    press(window(), title);
}

bool ConsoleSession::hasPage(const QString& title)
{
    return button(window(), title) != nullptr;
}

bool ConsoleSession::isLive()
{
    const client::SyncStatus status = m_console->services().sync().status();
    return status.connection == client::SyncStatus::Connection::Live && status.lastSync
        && !status.loading && !window().isSigningIn();
}

bool ConsoleSession::isOffline()
{
    return m_console->services().sync().status().connection
        == client::SyncStatus::Connection::Offline;
}

QByteArray ConsoleSession::bytesOnDisk() const
{
    QByteArray bytes;
    QDirIterator files(m_data.path(), QDir::Files, QDirIterator::Subdirectories);
    while (files.hasNext())
        bytes += contentOf(files.next());
    return bytes;
}

QAbstractButton* button(QWidget& in, const QString& words)
{
    const auto exactly = [&](const QAbstractButton& candidate) {
        return candidate.text() == words || candidate.accessibleName() == words;
    };
    if (auto* found = findVisible<QAbstractButton>(in, exactly))
        return found;
    return findVisible<QAbstractButton>(in, [&](const QAbstractButton& candidate) {
        return candidate.text().contains(words) || candidate.accessibleName().contains(words);
    });
}

QLineEdit* field(QWidget& in, const QString& label)
{
    return findVisible<QLineEdit>(in, [&](const QLineEdit& edit) {
        return edit.accessibleName() == label;
    });
}

ui::Picker* picker(QWidget& in, const QString& label)
{
    return findVisible<ui::Picker>(in, [&](const ui::Picker& candidate) {
        return candidate.accessibleName().startsWith(label + QStringLiteral(": "));
    });
}

ui::TableView* table(QWidget& in, const QString& objectName)
{
    return findVisible<ui::TableView>(in, [&](const ui::TableView& candidate) {
        return candidate.objectName() == objectName;
    });
}

bool says(const QWidget& in, const QString& words)
{
    const auto holds = [&](const auto& widgets) {
        return std::any_of(widgets.begin(), widgets.end(), [&](const auto* widget) {
            return widget->isVisible() && widget->text().contains(words);
        });
    };
    return holds(in.findChildren<QLabel*>()) || holds(in.findChildren<QAbstractButton*>());
}

QString allWords(const QWidget& in)
{
    QStringList words;
    for (const QLabel* label : in.findChildren<QLabel*>())
        words.append(label->text());
    for (const QLineEdit* edit : in.findChildren<QLineEdit*>())
        words.append(edit->text());
    for (const QAbstractButton* candidate : in.findChildren<QAbstractButton*>())
        words << candidate->text() << candidate->accessibleName();
    for (const ui::TableView* view : in.findChildren<ui::TableView*>())
        appendWords(*view->model(), words);
    return words.join(QLatin1Char('\n'));
}

bool press(QWidget* widget)
{
    if (widget == nullptr || !widget->isEnabled())
        return false;
    QTest::mouseClick(widget, Qt::LeftButton, {}, widget->rect().center());
    return true;
}

bool press(QWidget& in, const QString& words)
{
    return press(button(in, words));
}

bool type(QLineEdit* edit, const QString& text)
{
    if (!press(edit))
        return false;
    QTest::keyClick(edit, Qt::Key_A, Qt::ControlModifier);
    QTest::keyClick(edit, Qt::Key_Delete);
    QTest::keyClicks(edit, text);
    return true;
}

bool pick(ui::Picker* picker, const QString& choice)
{
    if (!press(picker))
        return false;
    // A list that was closed just now may still be there, hidden.
    auto* list = findVisible<QListView>(*picker, [](const QListView&) { return true; });
    if (list == nullptr)
        return false;
    const QModelIndexList found = list->model()->match(
        list->model()->index(0, 0), Qt::DisplayRole, choice, 1, Qt::MatchExactly
    );
    if (found.isEmpty()) {
        list->window()->close();
        return false;
    }
    list->scrollTo(found.front());
    QTest::mouseClick(
        list->viewport(), Qt::LeftButton, {}, list->visualRect(found.front()).center()
    );
    return true;
}

bool pressHeader(ui::TableView& table, int column)
{
    QHeaderView* header = table.horizontalHeader();
    if (header->isSectionHidden(column))
        return false;
    const int x = header->sectionViewportPosition(column) + header->sectionSize(column) / 2;
    QTest::mouseClick(header->viewport(), Qt::LeftButton, {}, QPoint(x, header->height() / 2));
    return true;
}

bool pressRow(ui::TableView& table, int row)
{
    if (row >= table.model()->rowCount())
        return false;
    QTest::mouseClick(table.viewport(), Qt::LeftButton, {}, middleOf(table, row));
    return true;
}

bool openRow(ui::TableView& table, int row)
{
    if (!pressRow(table, row))
        return false;
    QTest::mouseDClick(table.viewport(), Qt::LeftButton, {}, middleOf(table, row));
    return true;
}

bool pressLine(QWidget& in, int number)
{
    const auto* line = findVisible<ui::LineRow>(in, [&](const ui::LineRow& row) {
        return row.lineNumber() == number;
    });
    return line != nullptr && press(line->findChild<QAbstractButton*>());
}

bool chooseInMenu(const QString& words)
{
    QMenu* menu = openMenu();
    if (menu == nullptr)
        return false;
    const QList<QAction*> actions = menu->actions();
    const auto found = std::find_if(actions.begin(), actions.end(), [&](const QAction* action) {
        return action->text() == words;
    });
    if (found == actions.end() || !(*found)->isEnabled() || !(*found)->isVisible()) {
        menu->close();
        return false;
    }
    QTest::mouseClick(menu, Qt::LeftButton, {}, menu->actionGeometry(*found).center());
    return true;
}

bool chooseInContextMenu(ui::TableView& table, int row, const QString& words)
{
    // The menu runs a loop of its own until something in it is chosen.
    bool chosen = false;
    QTimer poll;
    poll.setInterval(10);
    QObject::connect(&poll, &QTimer::timeout, &poll, [&] {
        if (openMenu() == nullptr)
            return;
        poll.stop();
        chosen = chooseInMenu(words);
    });
    poll.start();
    const QPoint at = middleOf(table, row);
    QContextMenuEvent event(QContextMenuEvent::Mouse, at, table.viewport()->mapToGlobal(at));
    QApplication::sendEvent(table.viewport(), &event);
    return chosen;
}

QByteArray contentOf(const QString& name)
{
    QFile file(name);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QStringList columnTexts(const ui::TableView& table, int column)
{
    QStringList texts;
    for (int row = 0; row < table.model()->rowCount(); ++row)
        texts.append(table.model()->index(row, column).data().toString());
    return texts;
}

} // namespace quittance::flows
