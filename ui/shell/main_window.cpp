#include "ui/shell/main_window.h"

#include "ui/shell/navigation_rail.h"
#include "ui/shell/page.h"
#include "ui/shell/page_head.h"
#include "ui/shell/sign_in_page.h"
#include "ui/widgets/bars.h"
#include "ui/widgets/button.h"
#include "ui/widgets/label.h"
#include "ui/widgets/picker.h"
#include "ui/widgets/search_field.h"
#include "ui/widgets/status_dot.h"
#include "ui/widgets/view_memory.h"

#include <QAction>
#include <QActionGroup>
#include <QCloseEvent>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QMenu>
#include <QPainter>
#include <QShortcut>
#include <QStackedWidget>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>

namespace quittance::ui {
namespace {
constexpr QSize smallest(1024, 700);
constexpr QSize usual(1440, 900);
constexpr int findWidth = 300;
constexpr int findWidthMin = 160;
constexpr int pageBottom = space::normal;
constexpr int pageShortcuts = 9;
constexpr int windowIconEdge = 128;
} // namespace

/// A strip across the window on a ground of its own, with a hairline at one edge.
class MainWindow::Bar final : public QWidget {
public:
    Bar(int height, Qt::Edge lineAt, QPalette::ColorRole ground, QWidget* parent)
        : QWidget(parent)
        , m_lineAt(lineAt)
        , m_ground(ground)
    {
        setFixedHeight(height);
    }

protected:
    void paintEvent(QPaintEvent* /*event*/) override
    {
        QPainter painter(this);
        painter.fillRect(rect(), palette().color(QPalette::Active, m_ground));
        const int y = m_lineAt == Qt::TopEdge ? 0 : height() - 1;
        painter.fillRect(QRect(0, y, width(), 1), coloursOf(palette()).line);
    }

private:
    Qt::Edge m_lineAt;
    QPalette::ColorRole m_ground;
};

/// "You see what Acme Research sees, read only. [End]"
class MainWindow::Notice final : public QWidget {
public:
    explicit Notice(QWidget* parent)
        : QWidget(parent)
        , m_text(new Label({}, TextRole::Strong, Tone::Normal, this))
        , m_action(new LinkButton(QString(), this))
    {
        setFixedHeight(size::offlineBar);
        auto* layout = new QHBoxLayout(this);
        layout->setContentsMargins(
            space::large + size::iconRail + space::medium, 0, space::large, 1
        );
        m_text->setElided(true);
        layout->addWidget(m_text, 1);
        layout->addWidget(m_action);
        hide();
    }
    void setContent(const QString& text, const QString& action)
    {
        m_text->setText(text);
        m_action->setText(action);
        m_action->updateGeometry();
        m_action->setVisible(!action.isEmpty());
        setAccessibleName(text);
        setVisible(!text.isEmpty());
    }
    [[nodiscard]] LinkButton* action() const { return m_action; }

protected:
    void paintEvent(QPaintEvent* /*event*/) override
    {
        QPainter painter(this);
        const Colours c = coloursOf(palette());
        painter.fillRect(rect(), c.chosen());
        painter.fillRect(QRect(0, height() - 1, width(), 1), c.line);
        drawIcon(
            painter,
            { space::large, (height() - size::iconRail) / 2, size::iconRail, size::iconRail },
            Icon::ViewAs, c.accent
        );
    }

private:
    Label* m_text;
    LinkButton* m_action;
};

MainWindow::MainWindow(ViewMemory* memory, QWidget* parent)
    : QMainWindow(parent)
    , m_memory(memory)
    , m_root(new QStackedWidget(this))
    , m_signIn(new SignInPage(m_root))
    , m_rail(new NavigationRail(m_root))
    , m_accounts(new Picker(tr("Account"), this))
    , m_periods(new Picker(tr("Period"), this))
    , m_find(new SearchField(tr("Find a bill"), this))
    , m_sync(new StatusDot(this))
    , m_offline(new OfflineBar(this))
    , m_notice(new Notice(this))
    , m_pages(new QStackedWidget(this))
    , m_statusLeft(new Label({}, TextRole::Help, Tone::Muted, this))
    , m_statusRight(new Label({}, TextRole::Help, Tone::Muted, this))
    , m_progress(new ProgressStrip(this))
    , m_themes(new QActionGroup(this))
{
    setMinimumSize(smallest);
    m_root->addWidget(makeFrame());
    m_root->addWidget(m_signIn);
    setCentralWidget(m_root);
    m_rail->setPersonMenu(makePersonMenu());
    addShortcuts();
    connect(m_rail, &NavigationRail::chosen, this, &MainWindow::showPage);
    connect(m_find, &SearchField::searchChanged, this, &MainWindow::findOn);
    connect(m_find, &SearchField::movedToResults, this, [this] {
        if (auto* page = currentPage())
            page->setFocus(Qt::OtherFocusReason);
    });
    connect(m_offline, &OfflineBar::tryNow, this, &MainWindow::syncRequested);
    connect(m_progress, &ProgressStrip::cancelled, this, &MainWindow::cancelRequested);
    connect(
        m_notice->action(), &QAbstractButton::clicked, this, &MainWindow::noticeActionTriggered
    );
    restorePlace();
}

QWidget* MainWindow::makeFrame()
{
    auto* frame = new QWidget(m_root);
    auto* right = new QVBoxLayout;
    right->setSpacing(0);
    right->addWidget(makeTopBar());
    right->addWidget(m_notice);
    right->addWidget(m_offline);
    right->addWidget(m_pages, 1);
    right->addWidget(m_progress);
    right->addWidget(makeStatusBar());
    auto* layout = new QHBoxLayout(frame);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_rail);
    layout->addLayout(right, 1);
    m_offline->hide();
    return frame;
}

QWidget* MainWindow::makeTopBar()
{
    auto* bar = new Bar(size::topBar, Qt::BottomEdge, QPalette::Window, this);
    auto* layout = new QHBoxLayout(bar);
    layout->setContentsMargins(space::pageMargin, 0, space::pageMargin, 1);
    layout->setSpacing(space::small);
    m_accounts->setSymbol(Icon::Account);
    m_accounts->setLabelShown(false);
    m_periods->setSymbol(Icon::Period);
    m_periods->setLabelShown(false);
    m_find->setToolTip(tr("By number, account, period, amount, service, SKU, project or resource"));
    m_find->setAccessibleDescription(m_find->toolTip());
    m_find->setMinimumWidth(findWidthMin);
    m_find->setMaximumWidth(findWidth);
    m_find->setShortcutHint(QKeySequence(Qt::CTRL | Qt::Key_K).toString(QKeySequence::NativeText));
    layout->addWidget(m_accounts);
    layout->addWidget(m_periods);
    layout->addWidget(m_find, 1);
    layout->addStretch(1);
    layout->addWidget(m_sync);
    return bar;
}

QWidget* MainWindow::makeStatusBar()
{
    auto* bar = new Bar(size::statusBar, Qt::TopEdge, QPalette::ToolTipBase, this);
    auto* layout = new QHBoxLayout(bar);
    layout->setContentsMargins(space::pageMargin, 1, space::pageMargin, 0);
    layout->setSpacing(space::normal);
    m_statusLeft->setElided(true);
    layout->addWidget(m_statusLeft, 1);
    layout->addWidget(m_statusRight);
    return bar;
}

QMenu* MainWindow::makePersonMenu()
{
    auto* menu = new QMenu(this);
    menu->setToolTipsVisible(true);
    auto* themes = menu->addMenu(icon(Icon::Theme), tr("Theme"));
    const std::array<std::pair<ThemeChoice, QString>, 3> choices { {
        { ThemeChoice::System, tr("As the desktop") },
        { ThemeChoice::Light, tr("Light") },
        { ThemeChoice::Dark, tr("Dark") },
    } };
    for (const auto& [choice, text] : choices) {
        auto* action = themes->addAction(text);
        action->setCheckable(true);
        action->setData(static_cast<int>(choice));
        m_themes->addAction(action);
    }
    connect(m_themes, &QActionGroup::triggered, this, [this](const QAction* action) {
        emit themeChosen(static_cast<ThemeChoice>(action->data().toInt()));
    });
    m_viewAs = menu->addAction(
        icon(Icon::ViewAs), tr("View as customer"), this, &MainWindow::viewAsRequested
    );
    m_viewAs->setVisible(false);
    menu->addSeparator();
    menu->addAction(icon(Icon::SignOut), tr("Sign out"), this, &MainWindow::signOutRequested);
    return menu;
}

void MainWindow::addShortcuts()
{
    for (int number = 1; number <= pageShortcuts; ++number) {
        auto* shortcut = new QShortcut(
            QKeySequence(Qt::CTRL | static_cast<Qt::Key>(Qt::Key_0 + number)), this
        );
        connect(shortcut, &QShortcut::activated, this, [this, number] {
            const QStringList ids = m_rail->shownItems();
            if (number <= ids.size() && !isSigningIn())
                showPage(ids.at(number - 1));
        });
    }
    auto* find = new QShortcut(QKeySequence(Qt::CTRL | Qt::Key_K), this);
    connect(find, &QShortcut::activated, this, [this] {
        m_find->setFocus(Qt::ShortcutFocusReason);
        m_find->selectAll();
    });
    auto* sync = new QShortcut(QKeySequence(Qt::Key_F5), this);
    connect(sync, &QShortcut::activated, this, &MainWindow::syncRequested);
}

void MainWindow::addPage(const PageEntry& entry)
{
    auto* holder = new QWidget(m_pages);
    auto* layout = new QVBoxLayout(holder);
    layout->setContentsMargins(space::pageMargin, 0, space::pageMargin, pageBottom);
    layout->setSpacing(0);
    layout->addWidget(new PageHead(*entry.page, holder));
    layout->addWidget(entry.page, 1);
    holder->hide();
    m_rail->addItem(entry.id, entry.page->title(), entry.symbol, entry.section);
    m_shown.push_back({ entry.id, entry.page, holder });
    connect(entry.page, &Page::statusChanged, this, [this, page = entry.page] {
        if (page == currentPage())
            refreshStatus();
    });
    if (m_current.isEmpty())
        showPage(entry.id);
}

void MainWindow::setPageShown(const QString& id, bool shown)
{
    m_rail->setItemShown(id, shown);
    if (!shown && id == m_current && !m_rail->shownItems().isEmpty())
        showPage(m_rail->shownItems().constFirst());
}

void MainWindow::setPageCount(const QString& id, int count)
{
    m_rail->setItemCount(id, count);
}

/// The first layout of a page styles each of its widgets. No page but the one that shows is waited
/// for at start; the others follow, one at a time, while the window is idle.
void MainWindow::layOutNext()
{
    constexpr int pauseMs = 30;
    const auto next = std::find_if(m_shown.begin(), m_shown.end(), [this](const Shown& each) {
        return m_pages->indexOf(each.holder) < 0;
    });
    if (next == m_shown.end())
        return;
    m_pages->addWidget(next->holder);
    QTimer::singleShot(pauseMs, this, &MainWindow::layOutNext);
}

void MainWindow::showEvent(QShowEvent* event)
{
    constexpr int settledMs = 500;
    QMainWindow::showEvent(event);
    QTimer::singleShot(settledMs, this, &MainWindow::layOutNext);
}

void MainWindow::showPage(const QString& id)
{
    const Shown* to = shownOf(id);
    if (to == nullptr || id == m_current)
        return;
    if (auto* from = currentPage())
        from->setFront(false);
    m_current = id;
    if (m_pages->indexOf(to->holder) < 0)
        m_pages->addWidget(to->holder);
    m_pages->setCurrentWidget(to->holder);
    m_rail->setCurrent(id);
    m_accounts->setVisible(to->page->followsAccount());
    m_periods->setVisible(to->page->periodUse() != Page::PeriodUse::None);
    to->page->setFront(true);
    refreshStatus();
    emit pageShown(id);
}

Page* MainWindow::currentPage() const
{
    const Shown* now = shownOf(m_current);
    return now == nullptr ? nullptr : now->page;
}

const MainWindow::Shown* MainWindow::shownOf(const QString& id) const
{
    const auto at = std::find_if(m_shown.begin(), m_shown.end(), [&id](const Shown& shown) {
        return shown.id == id;
    });
    return at == m_shown.end() ? nullptr : &*at;
}

void MainWindow::setBrand(const BrandLook& brand)
{
    m_rail->setBrand(brand);
    m_signIn->setBrand(brand);
    setWindowTitle(brand.name);
    setWindowIcon(QIcon(brandIcon(brand, windowIconEdge, coloursOf(palette()))));
}

void MainWindow::setPerson(const QString& name, const QString& role)
{
    m_rail->setPerson(name, role);
}

void MainWindow::setMayViewAs(bool may, const QString& blocked)
{
    m_viewAs->setVisible(may);
    m_viewAs->setEnabled(blocked.isEmpty());
    m_viewAs->setToolTip(blocked);
}

void MainWindow::setThemeChoice(ThemeChoice choice)
{
    for (auto* action : m_themes->actions())
        action->setChecked(action->data().toInt() == static_cast<int>(choice));
}

void MainWindow::setSyncState(Tone tone, const QString& text)
{
    m_sync->setState(tone, text);
}

void MainWindow::setOffline(const std::optional<OfflineTexts>& texts)
{
    if (texts)
        m_offline->setTexts(texts->state, texts->consequence, texts->nextTry);
    m_offline->setVisible(texts.has_value());
}

void MainWindow::setNotice(const QString& text, const QString& action)
{
    m_notice->setContent(text, action);
}

void MainWindow::setZoneText(const QString& text)
{
    m_zoneText = text;
    refreshStatus();
}

void MainWindow::showSignIn()
{
    m_root->setCurrentWidget(m_signIn);
    m_signIn->focusFirstEmpty();
}

void MainWindow::showFrame()
{
    m_root->setCurrentIndex(0);
    m_rail->setFocus();
}

bool MainWindow::isSigningIn() const
{
    return m_root->currentWidget() == m_signIn;
}

void MainWindow::forget()
{
    m_find->clear();
    for (Picker* picker : { m_accounts, m_periods })
        picker->setChoices({});
    setPerson({}, {});
    for (const Shown& shown : m_shown)
        shown.page->forget();
    const QStringList ids = m_rail->shownItems();
    if (!ids.isEmpty())
        showPage(ids.constFirst());
    refreshStatus();
}

void MainWindow::refreshStatus()
{
    const Page* page = currentPage();
    const QString right = page == nullptr ? QString() : page->statusTextRight();
    m_statusLeft->setText(page == nullptr ? QString() : page->statusText());
    m_statusRight->setText(right.isEmpty() ? m_zoneText : right);
}

void MainWindow::findOn(const QString& text)
{
    auto* page = currentPage();
    if (page != nullptr && page->find(text))
        return;
    const Shown* finder = shownOf(m_findPage);
    if (finder == nullptr || text.isEmpty())
        return;
    showPage(m_findPage);
    finder->page->find(text);
}

void MainWindow::keyPressEvent(QKeyEvent* event)
{
    // Fields and popups take their own Escape first; what they leave closes the detail.
    auto* page = currentPage();
    if (event->key() == Qt::Key_Escape && isSigningIn()) {
        emit signInLeft();
        return;
    }
    if (event->key() == Qt::Key_Escape && page != nullptr && page->closeDetail())
        return;
    QMainWindow::keyPressEvent(event);
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    if (m_memory != nullptr)
        m_memory->setValue(QStringLiteral("window"), saveGeometry());
    QMainWindow::closeEvent(event);
}

void MainWindow::restorePlace()
{
    const QByteArray place = m_memory == nullptr
        ? QByteArray()
        : m_memory->value(QStringLiteral("window")).toByteArray();
    if (place.isEmpty() || !restoreGeometry(place))
        resize(usual);
}

} // namespace quittance::ui

#include "moc_main_window.cpp"
#include "moc_page.cpp" // page.h has no source of its own
