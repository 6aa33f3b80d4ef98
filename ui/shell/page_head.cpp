#include "ui/shell/page_head.h"

#include "ui/shell/page.h"
#include "ui/widgets/button.h"
#include "ui/widgets/label.h"

#include <QHBoxLayout>

namespace quittance::ui {

PageHead::PageHead(Page& page, QWidget* parent)
    : QWidget(parent)
    , m_page(page)
    , m_title(new Label({}, TextRole::Title, Tone::Normal, this))
    , m_crumbs(new QWidget(this))
    , m_crumbLayout(new QHBoxLayout(m_crumbs))
    , m_subtitle(new Label({}, TextRole::Body, Tone::Muted, this))
{
    setFixedHeight(size::pageHead);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::small);
    layout->addWidget(m_title);
    m_crumbLayout->setContentsMargins(space::small, 2, 0, 0);
    m_crumbLayout->setSpacing(space::tiny);
    layout->addWidget(m_crumbs);
    m_subtitle->setContentsMargins(space::tiny, 2, 0, 0);
    m_subtitle->setElided(true);
    layout->addWidget(m_subtitle, 1);
    for (QWidget* action : page.headActions())
        layout->addWidget(action);
    connect(&page, &Page::headChanged, this, &PageHead::refresh);
    refresh();
}

void PageHead::refresh()
{
    m_title->setText(m_page.title());
    m_subtitle->setText(m_page.subtitle());
    refreshCrumbs();
}

void PageHead::refreshCrumbs()
{
    while (auto* item = m_crumbLayout->takeAt(0)) {
        if (item->widget() != nullptr)
            item->widget()->deleteLater();
        delete item;
    }
    const auto crumbs = m_page.crumbs();
    for (std::size_t i = 0; i < crumbs.size(); ++i) {
        if (i + 1 == crumbs.size()) {
            m_crumbLayout->addWidget(
                new Label(crumbs[i].text, TextRole::Strong, Tone::Normal, m_crumbs)
            );
            break;
        }
        auto* link = new LinkButton(crumbs[i].text, m_crumbs);
        connect(link, &QAbstractButton::clicked, &m_page, [page = &m_page, id = crumbs[i].id] {
            page->chooseCrumb(id);
        });
        m_crumbLayout->addWidget(link);
        m_crumbLayout->addWidget(
            new Label(QStringLiteral("\u203a"), TextRole::Body, Tone::Muted, m_crumbs)
        );
    }
    m_crumbs->setVisible(!crumbs.empty());
}

} // namespace quittance::ui

#include "moc_page_head.cpp"
