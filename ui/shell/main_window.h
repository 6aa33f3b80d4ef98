#pragma once

#include "ui/shell/brand_mark.h"
#include "ui/widgets/icons.h"

#include <QMainWindow>

#include <optional>
#include <vector>

class QAction;
class QActionGroup;
class QMenu;
class QStackedWidget;

namespace quittance::ui {

class Label;
class LinkButton;
class NavigationRail;
class OfflineBar;
class Page;
class Picker;
class ProgressStrip;
class SearchField;
class SignInPage;
class StatusDot;
class ViewMemory;

/// The frame of the console: rail, top bar, offline bar, page with its head, status bar, progress.
/// It knows no data: the program registers pages, fills the pickers and says how sync stands; the
/// window says what the person wants.
///
/// Keys: Ctrl+1 to Ctrl+9 the pages, Ctrl+K find, F5 sync now, Escape closes what is open at a
/// page's side.
class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    /// One page of the rail, in order of registration.
    struct PageEntry {
        QString id;
        Icon symbol = Icon::None;
        QString section; ///< caption above the first of its kind; empty: none
        Page* page = nullptr; ///< the window takes it
    };
    struct OfflineTexts {
        QString state; ///< "Offline since 14:02, showing data of 13:58."
        QString consequence; ///< "Reading, search and saved documents work."
        QString nextTry; ///< "Next try in 20 s"
    };

    /// Restores place and size from `memory` (key "window"), where given.
    explicit MainWindow(ViewMemory* memory = nullptr, QWidget* parent = nullptr);

    void addPage(const PageEntry& entry);
    void setPageShown(const QString& id, bool shown); ///< by role
    void setPageCount(const QString& id, int count); ///< the badge in the rail
    void showPage(const QString& id); ///< an unknown id is ignored
    [[nodiscard]] QString currentPageId() const { return m_current; }
    [[nodiscard]] Page* currentPage() const;
    /// Gets what is typed in the find field on pages that cannot search.
    void setFindPage(const QString& id) { m_findPage = id; }

    void setBrand(const BrandLook& brand); ///< rail, sign-in, window title
    void setPerson(const QString& name, const QString& role);
    /// `blocked`: why it cannot be done now; empty where it can.
    void setMayViewAs(bool may, const QString& blocked = {});
    void setThemeChoice(ThemeChoice choice);

    [[nodiscard]] Picker* accountPicker() const { return m_accounts; }
    [[nodiscard]] Picker* periodPicker() const { return m_periods; }
    [[nodiscard]] SearchField* findField() const { return m_find; }
    [[nodiscard]] ProgressStrip* progress() const { return m_progress; }
    [[nodiscard]] SignInPage* signIn() const { return m_signIn; }

    void setSyncState(Tone tone, const QString& text); ///< "Live, 12 s ago"
    void setOffline(const std::optional<OfflineTexts>& texts); ///< empty hides the bar
    /// A line above the page that stays while it is so: "You see what Acme Research sees, read
    /// only." Empty hides it.
    void setNotice(const QString& text, const QString& action = {});
    void setZoneText(const QString& text); ///< right of the status bar: "Days in Europe/Berlin"

    void showSignIn();
    void showFrame();
    [[nodiscard]] bool isSigningIn() const;
    /// Somebody else looks from now on: every page forgets what the last person saw and typed, and
    /// the first one shows.
    void forget();

signals:
    void pageShown(const QString& id);
    void syncRequested();
    void cancelRequested();
    void noticeActionTriggered();
    void themeChosen(quittance::ui::ThemeChoice choice);
    void viewAsRequested();
    void signOutRequested();
    void signInLeft(); ///< Escape on the sign-in page

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void closeEvent(QCloseEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    class Bar;
    class Notice;

    struct Shown {
        QString id;
        Page* page = nullptr;
        QWidget* holder = nullptr;
    };

    QWidget* makeFrame();
    QWidget* makeTopBar();
    QWidget* makeStatusBar();
    QMenu* makePersonMenu();
    void addShortcuts();
    void refreshStatus();
    void findOn(const QString& text);
    void restorePlace();
    void layOutNext();
    [[nodiscard]] const Shown* shownOf(const QString& id) const;

    ViewMemory* m_memory;
    QStackedWidget* m_root;
    SignInPage* m_signIn;
    NavigationRail* m_rail;
    Picker* m_accounts;
    Picker* m_periods;
    SearchField* m_find;
    StatusDot* m_sync;
    OfflineBar* m_offline;
    Notice* m_notice;
    QStackedWidget* m_pages;
    Label* m_statusLeft;
    Label* m_statusRight;
    ProgressStrip* m_progress;
    QActionGroup* m_themes;
    QAction* m_viewAs = nullptr;
    std::vector<Shown> m_shown;
    QString m_current;
    QString m_findPage;
    QString m_zoneText;
};

} // namespace quittance::ui
