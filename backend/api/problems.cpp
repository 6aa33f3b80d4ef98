#include "backend/api/problems.h"

#include "core/contract/codec.h"

namespace quittance::backend {

namespace {

/// What is wrong inside names statements, files and hosts: nothing for callers.
std::string publicDetail(int status, const std::string& detail)
{
    constexpr int firstServerError = 500;
    constexpr int unavailable = 503;
    if (status < firstServerError)
        return detail;
    return status == unavailable ? "The backend cannot answer now; try again later."
                                 : "The backend could not answer; its log says why.";
}

ErrorCode codeForStatus(int status)
{
    switch (status) {
    case 401:
        return ErrorCode::Unauthenticated;
    case 404:
        return ErrorCode::NotFound;
    case 408:
        return ErrorCode::Timeout;
    case 413:
    case 431:
        return ErrorCode::TooLarge;
    case 503:
        return ErrorCode::Busy;
    case 500:
    case 501:
    case 505:
        return ErrorCode::Internal;
    default:
        return ErrorCode::MalformedInput;
    }
}

http::Response makeProblem(int status, ErrorCode code, std::string detail)
{
    contract::Problem problem;
    problem.title = http::reasonPhrase(status);
    problem.status = status;
    problem.code = wireName(code);
    problem.detail = std::move(detail);
    return http::Response::make(status, "application/problem+json", contract::toText(problem));
}

} // namespace

int httpStatus(ErrorCode code)
{
    switch (code) {
    case ErrorCode::MalformedInput:
        return 400;
    case ErrorCode::Unauthenticated:
        return 401;
    case ErrorCode::PermissionDenied:
    case ErrorCode::ReadOnly:
        return 403;
    case ErrorCode::NotFound:
        return 404;
    case ErrorCode::AlreadyExists:
    case ErrorCode::Conflict:
        return 409;
    case ErrorCode::Precondition:
        return 412;
    case ErrorCode::TooLarge:
        return 413;
    case ErrorCode::InvalidArgument:
    case ErrorCode::Overflow:
    case ErrorCode::CurrencyMismatch:
    case ErrorCode::UnknownTimeZone:
    case ErrorCode::LocalTimeInGap:
    case ErrorCode::LocalTimeAmbiguous:
    case ErrorCode::Unpriced:
    case ErrorCode::IncompleteProfile:
        return 422;
    case ErrorCode::RateLimited:
        return 429;
    case ErrorCode::Busy:
    case ErrorCode::Cancelled:
    case ErrorCode::Unavailable:
    case ErrorCode::Timeout:
    case ErrorCode::StorageFull:
        return 503;
    case ErrorCode::SchemaTooNew:
    case ErrorCode::SchemaTooOld:
    case ErrorCode::Corrupt:
    case ErrorCode::BadAnswer:
    case ErrorCode::Internal:
        return 500;
    }
    return 500;
}

http::Response problem(const Error& error)
{
    const int status = httpStatus(error.code);
    http::Response response = makeProblem(status, error.code, publicDetail(status, error.detail));
    constexpr std::string_view retryAfterSeconds = "5";
    constexpr std::string_view rateLimitSeconds = "900";
    if (status == 503)
        response.headers.set("Retry-After", std::string(retryAfterSeconds));
    if (status == 429)
        response.headers.set("Retry-After", std::string(rateLimitSeconds));
    if (status == 401)
        response.headers.set("WWW-Authenticate", "Bearer");
    return response;
}

http::Response problemForStatus(int status, std::string_view detail)
{
    return makeProblem(status, codeForStatus(status), std::string(detail));
}

} // namespace quittance::backend
