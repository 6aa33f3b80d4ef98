#include "backend/api/metrics.h"

#include <prometheus/text_serializer.h>

namespace quittance::backend {

namespace {

const prometheus::Histogram::BucketBoundaries secondsBuckets { 0.001, 0.005, 0.02, 0.1,
                                                               0.5,   2.0,   10.0 };

} // namespace

Metrics::Metrics()
    : m_registry(std::make_shared<prometheus::Registry>())
    , m_requests(prometheus::BuildCounter()
                     .Name("quittance_http_requests_total")
                     .Help("Requests answered, by route and status")
                     .Register(*m_registry))
    , m_seconds(prometheus::BuildHistogram()
                    .Name("quittance_http_request_seconds")
                    .Help("From the end of the request's header to the end of the answer, by route")
                    .Register(*m_registry))
    , m_sentBytes(prometheus::BuildCounter()
                      .Name("quittance_http_sent_bytes_total")
                      .Help("Bytes of answers, by route")
                      .Register(*m_registry))
{
}

void Metrics::observe(const http::AccessRecord& record)
{
    // Only routes become labels: a path that someone made up must not grow the registry.
    const std::string route = record.routeName.empty() ? "none" : record.routeName;
    m_requests.Add({ { "route", route }, { "status", std::to_string(record.status) } }).Increment();
    m_seconds.Add({ { "route", route } }, secondsBuckets)
        .Observe(std::chrono::duration<double>(record.duration).count());
    m_sentBytes.Add({ { "route", route } }).Increment(static_cast<double>(record.sentBytes));
}

std::string Metrics::text() const
{
    return prometheus::TextSerializer().Serialize(m_registry->Collect());
}

} // namespace quittance::backend
