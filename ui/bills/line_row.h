#pragma once

#include "core/domain/bill.h"

#include <QLocale>
#include <QWidget>

namespace quittance::ui {

/// One line of a bill: name, quantity, rate, amount; unfolds to how the amount came about and to
/// the usage behind it.
class LineRow : public QWidget {
    Q_OBJECT
public:
    LineRow(const BillLine& line, const QLocale& locale, QWidget* parent = nullptr);

    [[nodiscard]] int lineNumber() const { return m_line.number; }
    [[nodiscard]] bool isOpen() const { return m_open; }
    void setOpen(bool open);

signals:
    void eventsRequested(int line);
    void toggled(bool open);

private:
    class Head;
    void showArithmetic();

    BillLine m_line;
    QLocale m_locale;
    Head* m_head;
    QWidget* m_body = nullptr;
    bool m_open = false;
};

} // namespace quittance::ui
