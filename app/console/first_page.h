#pragma once

#include "app/console/console.h"

#include <QObject>

namespace quittance::console {

/// Tells when the first page, filled from what is stored on this computer, stands on the display:
/// what a start is measured by.
class FirstPage : public QObject {
    Q_OBJECT
public:
    explicit FirstPage(Console& console);

    bool eventFilter(QObject* watched, QEvent* event) override;

signals:
    void painted();

private:
    void waitForPaint();

    Console& m_console;
    bool m_isWaiting = false;
};

} // namespace quittance::console
