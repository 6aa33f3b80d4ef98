#pragma once

#include "tests/ui/flows/backend_process.h"
#include "tests/ui/flows/console_session.h"

#include <QObject>
#include <QTest>

#include <memory>

namespace quittance::flows {

/// What every flow has: a small demo organisation, a backend on a copy of it, a console before it.
/// When they begin and end, the flow says.
class FlowTest : public QObject {
    Q_OBJECT

protected:
    void startBackend()
    {
        m_backend = std::make_unique<BackendProcess>(m_demo);
        QVERIFY(m_backend->start());
    }
    void openConsole()
    {
        m_session = std::make_unique<ConsoleSession>(m_backend->url());
        QVERIFY(m_session->open());
    }
    void signIn(const QString& email)
    {
        m_session->signIn(email, m_demo.password());
        FLOW_TRY(m_session->isLive());
    }
    void end()
    {
        m_session.reset();
        m_backend.reset();
    }
    [[nodiscard]] ui::TableView& bills() { return *m_session->console().bills().table(); }
    [[nodiscard]] ui::BillDetail& detail() { return *m_session->console().bills().detail(); }

    DemoDatabase m_demo;
    std::unique_ptr<BackendProcess> m_backend;
    std::unique_ptr<ConsoleSession> m_session;
};

} // namespace quittance::flows
