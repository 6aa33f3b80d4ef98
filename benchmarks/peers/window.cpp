// The floor of starting the console: a bare Qt Widgets window with a table of 200 rows, shown.
// Prints "painted" when its first picture was handed to the display, and ends.

#include "benchmarks/peers/bare_table.h"

#include <QApplication>
#include <QEvent>
#include <QMainWindow>
#include <QMetaObject>

#include <cstdio>

namespace {

class FirstPaint final : public QObject {
public:
    bool eventFilter(QObject* watched, QEvent* event) override
    {
        if (event->type() == QEvent::Paint) {
            watched->removeEventFilter(this);
            // After the paint event, and the flush that follows it.
            QMetaObject::invokeMethod(
                this,
                [] {
                    std::puts("painted");
                    std::fflush(stdout);
                    QCoreApplication::quit();
                },
                Qt::QueuedConnection
            );
        }
        return false;
    }
};

} // namespace

int main(int argc, char** argv)
{
    constexpr int rows = 200;
    constexpr int columns = 8;
    constexpr QSize usual(1440, 900);
    const QApplication application(argc, argv);
    quittance::peers::BareModel model(rows, columns);
    QMainWindow window;
    QTableView table;
    table.setModel(&model);
    window.setCentralWidget(&table);
    window.resize(usual);
    FirstPaint paint;
    table.viewport()->installEventFilter(&paint);
    window.show();
    const int code = QApplication::exec();
    window.takeCentralWidget();
    return code;
}
