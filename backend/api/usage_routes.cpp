#include "backend/api/routes.h"
#include "backend/usage/intake.h"

#include <boost/json/object.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace quittance::backend {

namespace {

constexpr std::size_t batchBytesMax = std::size_t { 16 } * 1024 * 1024;

/// What the rows of a body are: events, or reasons why a row is none.
struct ReadBatch {
    std::vector<IntakeEvent> events;
    std::vector<contract::RefusedUsage> refused;
    std::int64_t rows = 0;

    void add(const Result<contract::UsageEventRequest>& row)
    {
        ++rows;
        if (!row) {
            refused.push_back({ rows, "", row.error().detail });
            return;
        }
        IntakeEvent& read = events.emplace_back();
        read.row = rows;
        read.quantity = row->quantity;
        UsageEvent& event = read.event;
        event.account = row->account;
        event.source = row->source;
        event.id = row->id;
        event.meter = row->meter;
        event.sku = row->sku;
        event.resource = row->resource;
        event.project = row->project;
        event.start = row->start;
        event.end = row->end;
    }
};

/// A line an event; empty lines are none.
ReadBatch readLines(std::string_view text)
{
    ReadBatch batch;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        if (line.find_first_not_of(" \t\r") != std::string_view::npos)
            batch.add(contract::fromRequest<contract::UsageEventRequest>(line));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return batch;
}

/// {"events": [...]}: one that is wrong keeps no other from being read.
Result<ReadBatch> readDocument(std::string_view text)
{
    QUITTANCE_CHECK(checkJsonKeysOnce(text));
    QUITTANCE_TRY(const boost::json::value document, contract::parseJson(text));
    const boost::json::object* const object = document.if_object();
    const boost::json::value* const events
        = object != nullptr && object->size() == 1 ? object->if_contains("events") : nullptr;
    if (events == nullptr || !events->is_array())
        return failure(
            ErrorCode::MalformedInput, R"(the body must be {"events": [...]} and nothing else)"
        );
    ReadBatch batch;
    for (const boost::json::value& event : events->get_array())
        batch.add(contract::fromJson<contract::UsageEventRequest>(event));
    return batch;
}

Result<ReadBatch> readBatch(const http::Request& request)
{
    const std::string_view type = request.headers.valueOr("Content-Type", "application/json");
    QUITTANCE_TRY(
        ReadBatch batch,
        type.starts_with("application/x-ndjson") ? Result<ReadBatch>(readLines(request.body))
                                                 : readDocument(request.body)
    );
    if (batch.rows > static_cast<std::int64_t>(intakeEventsMax))
        return failure(
            ErrorCode::TooLarge,
            fmt::format("{} events in a batch; at most {}", batch.rows, intakeEventsMax)
        );
    return batch;
}

contract::UsageReceipt receiptOf(const ReadBatch& batch, const IntakeReport& stored)
{
    contract::UsageReceipt receipt { stored.accepted, stored.repeated, batch.refused };
    for (const IntakeRefusal& refusal : stored.refused)
        receipt.refused.push_back({ refusal.row, refusal.id, refusal.reason });
    std::ranges::sort(receipt.refused, {}, &contract::RefusedUsage::row);
    return receipt;
}

/// On some account at least: of which, each event is asked for.
Result<> requireIntake(const Principal& principal)
{
    const auto grant = std::ranges::find_if(principal.grants, [](const Grant& one) {
        return grants(one.role, Permission::UsageWrite);
    });
    const bool has = grant != principal.grants.end();
    return requireWrite(
        principal, Permission::UsageWrite, has ? grant->account : std::optional<AccountId>()
    );
}

} // namespace

void addUsageRoutes(http::Router& router, const RouteContext& routes)
{
    addRoute(
        router, routes, http::Method::Post, "/v1/usage-events", "sendUsage",
        [routes](const http::Request& request, const Principal& principal) -> ApiAnswer {
            QUITTANCE_CHECK(requireIntake(principal));
            QUITTANCE_TRY(const ReadBatch batch, readBatch(request));
            const auto mayWrite = [&](AccountId account) {
                return allows(principal.grants, Permission::UsageWrite, account);
            };
            SumCheck check = SumCheck::ByDatabase;
            const auto checkEach = [&check](const Error& error) {
                check = SumCheck::EachEvent;
                return error.code == ErrorCode::Overflow;
            };
            return once(
                routes.context, request, principal,
                [&](const Context& context) -> Result<WriteAnswer> {
                    QUITTANCE_TRY(
                        const IntakeReport stored,
                        receiveUsage(context, principal.actor, batch.events, mayWrite, check)
                    );
                    return WriteAnswer { json(200, receiptOf(batch, stored)), std::nullopt };
                },
                checkEach
            );
        },
        batchBytesMax
    );
}

} // namespace quittance::backend
