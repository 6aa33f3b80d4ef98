#pragma once

#include <QList>
#include <QString>
#include <QWidget>

#include <cstdint>
#include <vector>

namespace quittance::ui {

/// A step of the way to what a page shows: "All costs > Project training". The last is where one
/// is.
struct Crumb {
    QString id;
    QString text;
};

/// A page of the main window. The window gives it the room below the page head, with the page
/// margins already taken; it asks for the rest when `headChanged` or `statusChanged` says so.
class Page : public QWidget {
    Q_OBJECT
public:
    using QWidget::QWidget;

    /// What a page makes of the period picker: nothing, one month, or one month or all of them.
    enum class PeriodUse : std::uint8_t { None, Month, MonthOrAll };

    [[nodiscard]] virtual QString title() const = 0;
    // A picker of the top bar that means nothing to the page is not shown beside it.
    [[nodiscard]] virtual bool followsAccount() const { return true; }
    [[nodiscard]] virtual PeriodUse periodUse() const { return PeriodUse::Month; }
    [[nodiscard]] virtual QString subtitle() const { return {}; } ///< muted, after title and crumbs
    [[nodiscard]] virtual std::vector<Crumb> crumbs() const { return {}; }
    virtual void chooseCrumb(const QString& /*id*/) { }
    /// Made once and placed at the right of the head, the primary one last. The window owns them
    /// from then on; the page goes on enabling and naming them.
    [[nodiscard]] virtual QList<QWidget*> headActions() { return {}; }
    [[nodiscard]] virtual QString statusText() const { return {}; }
    [[nodiscard]] virtual QString statusTextRight() const
    {
        return {};
    } ///< empty: the window's own
    /// Behind, a page asks nothing; each time it comes to the front it asks anew.
    void setFront(bool front)
    {
        m_isFront = front;
        if (front)
            shown();
        else
            hidden();
    }
    [[nodiscard]] bool isFront() const { return m_isFront; }
    /// Somebody else looks from now on: what was shown, chosen and typed goes.
    virtual void forget() { }
    /// Text of the window's find field. False where the page cannot search; then the window's find
    /// page gets it.
    virtual bool find(const QString& /*text*/) { return false; }
    /// Escape: closes what lies open at the side. False where nothing did.
    virtual bool closeDetail() { return false; }

signals:
    void headChanged();
    void statusChanged();

protected:
    virtual void shown() { } ///< the page came to the front
    virtual void hidden() { }

private:
    bool m_isFront = false;
};

} // namespace quittance::ui
