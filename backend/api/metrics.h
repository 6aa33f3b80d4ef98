#pragma once

#include "core/http/server.h"

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <memory>
#include <string>

namespace quittance::backend {

/// The program's figures in Prometheus' text format.
class Metrics {
public:
    Metrics();

    void observe(const http::AccessRecord& record);
    [[nodiscard]] std::string text() const;

private:
    std::shared_ptr<prometheus::Registry> m_registry;
    prometheus::Family<prometheus::Counter>& m_requests;
    prometheus::Family<prometheus::Histogram>& m_seconds;
    prometheus::Family<prometheus::Counter>& m_sentBytes;
};

} // namespace quittance::backend
