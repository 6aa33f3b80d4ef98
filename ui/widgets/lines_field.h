#pragma once

#include "ui/widgets/form_row.h"

class QPlainTextEdit;

namespace quittance::ui {

/// A row with several entries, one a line: an address, e-mails. Tab leaves it; Ctrl+Enter submits.
class LinesField : public FormRow {
    Q_OBJECT
public:
    LinesField(
        const QString& label, const QString& help, int linesShown, QWidget* parent = nullptr
    );

    [[nodiscard]] QPlainTextEdit* edit() const { return m_edit; }
    /// The entries, joined by line feeds: no empty line, no spaces around.
    [[nodiscard]] QString value() const override;
    void setValue(const QString& value) override;
    [[nodiscard]] QStringList entries() const;
    void setEntries(const QStringList& entries);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    LinesField(
        const QString& label, const QString& help, int linesShown, QPlainTextEdit* edit,
        QWidget* parent
    );

    QPlainTextEdit* m_edit;
};

} // namespace quittance::ui
