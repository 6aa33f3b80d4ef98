#pragma once

#include <QWidget>

class QHBoxLayout;

namespace quittance::ui {

class Label;
class Page;

/// The 60 px above a page: title, the way here, what can be done. Reads all of it from the page.
class PageHead : public QWidget {
    Q_OBJECT
public:
    explicit PageHead(Page& page, QWidget* parent = nullptr);

private:
    void refresh();
    void refreshCrumbs();

    Page& m_page;
    Label* m_title;
    QWidget* m_crumbs;
    QHBoxLayout* m_crumbLayout;
    Label* m_subtitle;
};

} // namespace quittance::ui
