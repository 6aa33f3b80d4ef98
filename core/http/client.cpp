#include "core/http/client.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <array>
#include <mutex>
#include <utility>
#include <vector>

namespace quittance::http {

namespace {

constexpr std::size_t keptHandlesMax = 16;

struct EasyDeleter {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
using Easy = std::unique_ptr<CURL, EasyDeleter>;

struct ListDeleter {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using List = std::unique_ptr<curl_slist, ListDeleter>;

/// What the callbacks of one exchange write to.
struct Transfer {
    Response response;
    const Client::OnChunk* onChunk = nullptr;
    std::size_t bodyBytesMax = 0;
    bool tooLarge = false;
    bool cancelled = false;
};

std::size_t onBody(char* bytes, std::size_t itemSize, std::size_t items, void* context)
{
    auto& transfer = *static_cast<Transfer*>(context);
    const std::string_view piece(bytes, itemSize * items);
    if (transfer.onChunk != nullptr) {
        transfer.cancelled = !(*transfer.onChunk)(piece);
        return transfer.cancelled ? 0 : piece.size();
    }
    transfer.tooLarge = piece.size() > transfer.bodyBytesMax - transfer.response.body.size();
    if (transfer.tooLarge)
        return 0;
    transfer.response.body += piece;
    return piece.size();
}

std::string_view trimmed(std::string_view text)
{
    const auto start = text.find_first_not_of(" \t\r\n");
    return start == std::string_view::npos
        ? std::string_view()
        : text.substr(start, text.find_last_not_of(" \t\r\n") + 1 - start);
}

std::size_t onHeader(char* bytes, std::size_t itemSize, std::size_t items, void* context)
{
    auto& response = static_cast<Transfer*>(context)->response;
    const std::string_view line(bytes, itemSize * items);
    if (line.starts_with("HTTP/")) // the head of an interim answer (100) was not the last one
        response.headers = {};
    if (const auto colon = line.find(':'); colon != std::string_view::npos)
        response.headers.add(
            std::string(line.substr(0, colon)), std::string(trimmed(line.substr(colon + 1)))
        );
    return line.size();
}

ErrorCode codeOf(CURLcode status)
{
    switch (static_cast<int>(status)) {
    case CURLE_OPERATION_TIMEDOUT:
        return ErrorCode::Timeout;
    case CURLE_URL_MALFORMAT:
        return ErrorCode::InvalidArgument;
    case CURLE_UNSUPPORTED_PROTOCOL: // the URL's was looked at before: here it is HTTP/0.9, so
                                     // garbage
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_BAD_CONTENT_ENCODING:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_WRITE_ERROR:
        return ErrorCode::BadAnswer;
    case CURLE_OUT_OF_MEMORY:
    case CURLE_SSL_CACERT_BADFILE:
        return ErrorCode::Internal;
    default:
        return ErrorCode::Unavailable;
    }
}

bool hasBody(const ClientRequest& request)
{
    return !request.body.empty() || request.method == Method::Post || request.method == Method::Put
        || request.method == Method::Patch;
}

List headerList(const ClientRequest& request)
{
    List list;
    const auto append = [&list](const std::string& line) {
        // The list's head is either the one we own already or, the first time, the new one.
        auto* const head = curl_slist_append(list.get(), line.c_str());
        if (head != nullptr && !list)
            list.reset(head);
    };
    for (const auto& [name, value] : request.headers)
        append(value.empty() ? name + ';' : fmt::format("{}: {}", name, value));
    append("Expect:"
    ); // no waiting for 100-continue: a second's delay with servers that do not know it
    if (!request.headers.contains("Content-Type"))
        append("Content-Type:"); // or curl names a form's
    return list;
}

Result<> check(const ClientRequest& request)
{
    if (!request.url.starts_with("http://") && !request.url.starts_with("https://"))
        return failure(
            ErrorCode::InvalidArgument, fmt::format("'{}' is no http or https URL", request.url)
        );
    const auto hasBreak = [](std::string_view text) {
        return text.find_first_of("\r\n") != std::string_view::npos;
    };
    for (const auto& [name, value] : request.headers) {
        if (hasBreak(name) || hasBreak(value))
            return failure(ErrorCode::InvalidArgument, "a request header has a line break in it");
    }
    return {};
}

void initialiseOnce()
{
    static const CURLcode status = curl_global_init(CURL_GLOBAL_DEFAULT);
    static_cast<void>(status);
}

} // namespace

struct Client::Impl {
    explicit Impl(ClientOptions optionsGiven)
        : options(std::move(optionsGiven))
    {
    }

    Easy take();
    void giveBack(Easy handle);
    void configure(CURL* handle, const ClientRequest& request, Transfer& transfer) const;
    Result<Response> perform(const ClientRequest& request, const OnChunk* onChunk);

    const ClientOptions options;
    std::mutex mutex;
    std::vector<Easy> free; // each keeps its connections
};

Easy Client::Impl::take()
{
    const std::scoped_lock lock(mutex);
    if (free.empty())
        return Easy(curl_easy_init());
    auto handle = std::move(free.back());
    free.pop_back();
    return handle;
}

void Client::Impl::giveBack(Easy handle)
{
    curl_easy_reset(handle.get());
    const std::scoped_lock lock(mutex);
    if (free.size() < keptHandlesMax)
        free.push_back(std::move(handle));
}

void Client::Impl::configure(CURL* handle, const ClientRequest& request, Transfer& transfer) const
{
    const long connectTimeoutMs = options.connectTimeout.count();
    const long timeoutMs
        = (request.timeout.count() > 0 ? request.timeout : options.timeout).count();
    curl_easy_setopt(handle, CURLOPT_URL, request.url.c_str());
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L); // signals and threads do not mix
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, connectTimeoutMs);
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, timeoutMs);
    curl_easy_setopt(handle, CURLOPT_ACCEPT_ENCODING, "gzip");
    curl_easy_setopt(handle, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
    if (!options.caFile.empty())
        curl_easy_setopt(handle, CURLOPT_CAINFO, options.caFile.c_str());
    if (!options.userAgent.empty())
        curl_easy_setopt(handle, CURLOPT_USERAGENT, options.userAgent.c_str());
    if (hasBody(request)) {
        curl_easy_setopt(
            handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size())
        );
        curl_easy_setopt(handle, CURLOPT_POSTFIELDS, request.body.data());
    }
    if (request.method == Method::Head)
        curl_easy_setopt(handle, CURLOPT_NOBODY, 1L);
    curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, std::string(toString(request.method)).c_str());
    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, &onHeader);
    curl_easy_setopt(handle, CURLOPT_HEADERDATA, &transfer);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &onBody);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, &transfer);
}

Result<Response> Client::Impl::perform(const ClientRequest& request, const OnChunk* onChunk)
{
    QUITTANCE_CHECK(check(request));
    auto handle = take();
    if (!handle)
        return failure(ErrorCode::Internal, "cannot make an HTTP client");
    Transfer transfer;
    transfer.onChunk = onChunk;
    transfer.bodyBytesMax = options.bodyBytesMax;
    const auto headers = headerList(request);
    std::array<char, CURL_ERROR_SIZE> message {};
    configure(handle.get(), request, transfer);
    curl_easy_setopt(handle.get(), CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(handle.get(), CURLOPT_ERRORBUFFER, message.data());
    const auto status = curl_easy_perform(handle.get());
    long httpStatus = 0;
    curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &httpStatus);
    giveBack(std::move(handle));
    if (transfer.tooLarge)
        return failure(
            ErrorCode::TooLarge, fmt::format("{}: the answer is too large", request.url)
        );
    if (transfer.cancelled)
        return failure(ErrorCode::Cancelled, fmt::format("{}: cancelled", request.url));
    if (status != CURLE_OK) {
        const auto* const reason
            = message.front() == '\0' ? curl_easy_strerror(status) : message.data();
        return failure(codeOf(status), fmt::format("{}: {}", request.url, reason));
    }
    transfer.response.status = static_cast<int>(httpStatus);
    transfer.response.contentType = transfer.response.headers.valueOr("Content-Type", {});
    return std::move(transfer.response);
}

Client::Client(ClientOptions options)
    : m_impl(std::make_unique<Impl>(std::move(options)))
{
    initialiseOnce();
}

Client::~Client() = default;

Result<Response> Client::send(const ClientRequest& request)
{
    return m_impl->perform(request, nullptr);
}

Result<Response> Client::stream(const ClientRequest& request, const OnChunk& onChunk)
{
    return m_impl->perform(request, &onChunk);
}

} // namespace quittance::http
