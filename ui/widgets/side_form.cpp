#include "ui/widgets/side_form.h"

#include "ui/widgets/bars.h"
#include "ui/widgets/button.h"
#include "ui/widgets/form_row.h"
#include "ui/widgets/label.h"
#include "ui/widgets/scroll_column.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

namespace quittance::ui {

namespace {

constexpr int formWidth = 424;

} // namespace

SideForm::SideForm(const QString& title, const QString& submitText, QWidget* parent)
    : Panel(title, parent)
    , m_message(new InlineMessage)
    , m_content(makeRows())
    , m_scroll(new ScrollColumn(m_content))
    , m_note(new Label({}, TextRole::Help, Tone::Muted))
    , m_submit(new Button(submitText, Button::Kind::Primary))
{
    setFixedWidth(formWidth);
    setHeaderLine(true);
    setBodyMargins(0, 0, 0, 0);
    body()->setSpacing(0);
    body()->addWidget(m_message);
    body()->addWidget(m_scroll, 1);
    auto* cancel = new Button(tr("Cancel"));
    m_note->setWordWrap(true);
    footer()->addWidget(m_note, 1);
    footer()->addWidget(cancel);
    footer()->addWidget(m_submit);
    connect(cancel, &QAbstractButton::clicked, this, &SideForm::cancelled);
    connect(m_submit, &QAbstractButton::clicked, this, &SideForm::submit);
    connect(m_message, &InlineMessage::actionTriggered, this, &SideForm::reloadWanted);
}

QWidget* SideForm::makeRows()
{
    auto* content = new QWidget;
    auto* layout = new QVBoxLayout(content);
    layout->setContentsMargins(
        space::panelPadding, space::panelPadding, space::panelPadding, space::panelPadding
    );
    layout->setSpacing(space::formRowGap);
    layout->addStretch();
    return content;
}

void SideForm::addRow(FormRow* row, std::string field)
{
    auto* layout = static_cast<QVBoxLayout*>(m_content->layout());
    layout->insertWidget(layout->count() - 1, row);
    m_rows.emplace_back(std::move(field), row);
    connect(row, &FormRow::submitted, this, &SideForm::submit);
    connect(row, &FormRow::edited, this, [this] { m_note->setText({}); });
}

void SideForm::open()
{
    m_message->clear();
    m_note->setText({});
    for (const auto& [field, row] : m_rows)
        row->setError({});
    show();
    if (!m_rows.empty())
        goTo(m_rows.front().second);
}

void SideForm::goTo(FormRow* row)
{
    row->setFocus(Qt::OtherFocusReason);
    m_scroll->ensureWidgetVisible(row);
}

bool SideForm::check()
{
    FormRow* wrong = nullptr;
    for (const auto& [field, row] : m_rows)
        if (!row->check() && wrong == nullptr)
            wrong = row;
    m_note->setText(wrong == nullptr ? QString() : tr("Correct what is marked first"));
    if (wrong == nullptr)
        return true;
    goTo(wrong);
    return false;
}

void SideForm::setBlocked(const QString& reason)
{
    m_submit->setBlocked(reason);
}

void SideForm::showRefusal(const Error& error, const QString& text)
{
    for (const auto& [field, row] : m_rows) {
        if (error.code != ErrorCode::InvalidArgument || !error.detail.starts_with(field))
            continue;
        row->setError(text);
        goTo(row);
        return;
    }
    m_message->showMessage(
        Tone::Bad, text,
        error.code == ErrorCode::Precondition ? tr("Begin again with what is valid") : QString(),
        QString::fromStdString(error.detail)
    );
}

void SideForm::submit()
{
    if (m_submit->isEnabled() && check())
        emit submitted();
}

} // namespace quittance::ui

#include "moc_side_form.cpp"
