#pragma once

#include <QFrame>

class QHBoxLayout;
class QVBoxLayout;

namespace quittance::ui {

class HairLine;
class Label;

/// A white card with a hairline and round corners: [title subtitle ....... actions] above a body.
/// Without a title and actions there is no header.
class Panel : public QFrame {
    Q_OBJECT
public:
    explicit Panel(const QString& title = {}, QWidget* parent = nullptr);

    void setTitle(const QString& title);
    void setSubtitle(const QString& subtitle);
    void addHeaderWidget(QWidget* widget); ///< at the right, from left to right; owned by the panel
    /// A hairline between header and body.
    void setHeaderLine(bool shown);
    /// The body's distance from the panel's edge: space::panelPadding unless set. Tables take 0 at
    /// left and right, and line their cells up themselves.
    void setBodyMargins(int left, int top, int right, int bottom);
    [[nodiscard]] QVBoxLayout* body() const { return m_body; }
    /// A row below the body, with a hairline above it.
    [[nodiscard]] QHBoxLayout* footer();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QWidget* m_header;
    QHBoxLayout* m_headerLayout;
    Label* m_title;
    Label* m_subtitle;
    HairLine* m_headerLine;
    QVBoxLayout* m_outer;
    QVBoxLayout* m_body;
    QHBoxLayout* m_footer = nullptr;
};

/// A hairline across.
class HairLine : public QWidget {
    Q_OBJECT
public:
    explicit HairLine(QWidget* parent = nullptr);

protected:
    void paintEvent(QPaintEvent* event) override;
};

} // namespace quittance::ui
