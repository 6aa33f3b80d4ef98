#pragma once

#include <QByteArray>
#include <QTcpServer>

#include <cstdint>

namespace quittance::flows {

/// What stands at the backend's address and is not the backend: answers every request with the same
/// fault.
class FaultServer : public QTcpServer {
    Q_OBJECT
public:
    enum class Fault : std::uint8_t {
        Garbage, ///< bytes that are no HTTP
        Html, ///< a page with 200, as a hotel's portal gives
        BadGateway, ///< a page with 502, as a proxy gives
        OtherJson, ///< JSON of some other service
        Empty, ///< 200 without a body
        ClosesAtOnce,
        NeverAnswers,
    };
    Q_ENUM(Fault)

    explicit FaultServer(Fault fault, QObject* parent = nullptr);
    [[nodiscard]] int requests() const { return m_requests; } ///< or connections that it closed

private:
    void answer();

    Fault m_fault;
    int m_requests = 0;
};

} // namespace quittance::flows
