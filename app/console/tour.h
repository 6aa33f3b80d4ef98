#pragma once

#include "app/console/console.h"
#include "app/console/demo_backend.h"

#include <QObject>
#include <QStringList>
#include <QUrl>

#include <functional>
#include <vector>

namespace quittance::console {

/// Walks every page, in both themes and two sizes, and writes a picture of each: for the README,
/// for eyes that check, and for a machine without a display.
class Tour : public QObject {
    Q_OBJECT
public:
    Tour(Console& console, ui::Theme& theme, DemoBackend* backend, QString folder);

    void start(); ///< once the first sync is complete

signals:
    void finished(int pictures);

private:
    struct Step {
        QString name;
        std::function<void()> prepare;
        std::function<bool()> isReady; ///< none: at once
    };
    void addSteps();
    void
    addStep(const QString& name, std::function<void()> prepare, std::function<bool()> isReady = {});
    void next();
    void awaitReady(const Step& step, int triesLeft);
    void takePicture(const QString& name);
    void addCustomerSteps();
    void addEndSteps();
    void signInAsCustomer();
    [[nodiscard]] bool isCustomerSynced() const;
    void chooseAccount(std::size_t index);
    void chooseAllAccounts();
    void filterByFirstSeries();
    void openFirstBill(const std::function<void()>& then);

    Console& m_console;
    ui::Theme& m_theme;
    DemoBackend* m_backend;
    QUrl m_server;
    QString m_password; ///< everyone's in the demo
    QString m_folder;
    std::vector<Step> m_steps;
    std::size_t m_step = 0;
    int m_pictures = 0;
};

} // namespace quittance::console
