#pragma once

#include "ui/widgets/panel.h"

class QGridLayout;

namespace quittance::ui {

class Label;

/// Captions and what stands for them, one below the other; the values can be marked and copied.
class BillingFacts : public Panel {
    Q_OBJECT
public:
    explicit BillingFacts(const QString& title, QWidget* parent = nullptr);

    /// The label to fill; setFact() shows an en dash for nothing.
    [[nodiscard]] Label* addFact(const QString& caption);
    static void setFact(Label* fact, const QString& value);

private:
    QGridLayout* m_grid;
};

} // namespace quittance::ui
