#pragma once

#include <QAbstractButton>

namespace quittance::ui {

/// One filter of a question: what is filtered by, the value, and a cross that takes it away.
class FilterChip : public QAbstractButton {
    Q_OBJECT
public:
    FilterChip(QString group, QString value, QWidget* parent = nullptr);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString m_group;
    QString m_value;
};

} // namespace quittance::ui
