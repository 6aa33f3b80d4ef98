#include "ui/accounts/billing_facts.h"

#include "models/format.h"
#include "ui/widgets/label.h"

#include <QGridLayout>
#include <QVBoxLayout>

namespace quittance::ui {

namespace {

constexpr int captionWidth = 104;

} // namespace

BillingFacts::BillingFacts(const QString& title, QWidget* parent)
    : Panel(title, parent)
    , m_grid(new QGridLayout)
{
    setHeaderLine(true);
    setBodyMargins(space::panelPadding, space::medium, space::panelPadding, space::medium);
    m_grid->setHorizontalSpacing(space::medium);
    m_grid->setVerticalSpacing(space::small);
    m_grid->setColumnMinimumWidth(0, captionWidth);
    m_grid->setColumnStretch(1, 1);
    body()->addLayout(m_grid);
    body()->addStretch(1);
}

Label* BillingFacts::addFact(const QString& caption)
{
    auto* name = new Label(caption, TextRole::Body, Tone::Muted);
    auto* value = new Label(noneText());
    value->setWordWrap(true);
    value->setTextInteractionFlags(Qt::TextSelectableByMouse);
    value->setAccessibleName(caption);
    const int row = m_grid->rowCount();
    m_grid->addWidget(name, row, 0, Qt::AlignTop);
    m_grid->addWidget(value, row, 1, Qt::AlignTop);
    return value;
}

void BillingFacts::setFact(Label* fact, const QString& value)
{
    fact->setText(value.isEmpty() ? noneText() : value);
    fact->setAccessibleDescription(fact->text());
}

} // namespace quittance::ui

#include "moc_billing_facts.cpp"
