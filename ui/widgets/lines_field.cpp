#include "ui/widgets/lines_field.h"

#include "ui/widgets/theme.h"

#include <QKeyEvent>
#include <QPlainTextEdit>
#include <QTextDocument>

namespace quittance::ui {

LinesField::LinesField(const QString& label, const QString& help, int linesShown, QWidget* parent)
    : LinesField(label, help, linesShown, new QPlainTextEdit, parent)
{
}

LinesField::LinesField(
    const QString& label, const QString& help, int linesShown, QPlainTextEdit* edit, QWidget* parent
)
    : FormRow(label, help, edit, parent)
    , m_edit(edit)
{
    m_edit->setTabChangesFocus(true);
    m_edit->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_edit->setVerticalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    m_edit->document()->setDocumentMargin(space::tiny);
    const QFontMetrics metrics(fontOf(TextRole::Body));
    m_edit->setFixedHeight(linesShown * metrics.lineSpacing() + 2 * (space::tiny + space::small));
    connect(m_edit, &QPlainTextEdit::textChanged, this, [this] {
        // What the program sets is no edit; the person's has the focus.
        if (m_edit->hasFocus())
            emit edited();
    });
}

QString LinesField::value() const
{
    return entries().join(QLatin1Char('\n'));
}

void LinesField::setValue(const QString& value)
{
    m_edit->setPlainText(value);
}

QStringList LinesField::entries() const
{
    QStringList entries;
    const QStringList lines = m_edit->toPlainText().split(QLatin1Char('\n'));
    for (const QString& line : lines) {
        const QString entry = line.trimmed();
        if (!entry.isEmpty())
            entries.append(entry);
    }
    return entries;
}

void LinesField::setEntries(const QStringList& entries)
{
    setValue(entries.join(QLatin1Char('\n')));
}

bool LinesField::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_edit && event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<const QKeyEvent*>(event);
        const bool enter = key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter;
        if (enter && key->modifiers().testFlag(Qt::ControlModifier)) {
            emit submitted();
            return true;
        }
    }
    return FormRow::eventFilter(watched, event);
}

} // namespace quittance::ui

#include "moc_lines_field.cpp"
