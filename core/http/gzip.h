#pragma once

#include "core/domain/result.h"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace quittance::http {

/// gzip (RFC 1952) of bytes that are at hand, at a level made for answers: fast before small.
[[nodiscard]] std::string gzip(std::string_view bytes);

/// The opposite, for bytes of strangers. TooLarge as soon as more than `inflatedBytesMax` would
/// come out, so a bomb costs no memory; MalformedInput for anything that is not whole gzip members
/// to the last byte.
[[nodiscard]] Result<std::string> gunzip(std::string_view bytes, std::size_t inflatedBytesMax);

/// gzip piece by piece: what `add` returns can be inflated to all bytes added so far.
class GzipStream {
public:
    GzipStream();
    ~GzipStream();
    GzipStream(GzipStream&&) noexcept;
    GzipStream& operator=(GzipStream&&) noexcept;
    GzipStream(const GzipStream&) = delete;
    GzipStream& operator=(const GzipStream&) = delete;

    [[nodiscard]] std::string add(std::string_view bytes);
    [[nodiscard]] std::string finish();

    [[nodiscard]] static std::string all(std::string_view bytes
    ); ///< one whole member, without flushes between

private:
    struct Deflater;
    std::unique_ptr<Deflater> m_deflater;
};

} // namespace quittance::http
