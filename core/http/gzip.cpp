// zlib's input pointer is const only where this is asked for.
#define ZLIB_CONST
#include "core/http/gzip.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <limits>
#include <new>

namespace quittance::http {

namespace {

constexpr int gzipWindowBits = 15 + 16; // zlib.h: 16 more than the window asks for a gzip wrapper
constexpr int gzipLevel = 4;
constexpr int memoryLevel = 8;
constexpr std::size_t blockBytes = std::size_t { 16 } * 1024;
constexpr std::size_t inputBytesMax = std::numeric_limits<uInt>::max();

using Block = std::array<Bytef, blockBytes>;

const Bytef* bytesOf(std::string_view text)
{
    return reinterpret_cast<const Bytef*>(text.data());
}

void append(std::string& out, const Block& block, std::size_t size)
{
    out.append(reinterpret_cast<const char*>(block.data()), size);
}

struct Inflater {
    z_stream stream {};

    Inflater()
    {
        if (inflateInit2(&stream, gzipWindowBits) != Z_OK)
            throw std::bad_alloc();
    }
    ~Inflater() { inflateEnd(&stream); }
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;
    Inflater(Inflater&&) = delete;
    Inflater& operator=(Inflater&&) = delete;

    void feed(std::string_view& input)
    {
        if (stream.avail_in > 0 || input.empty())
            return;
        const auto size = std::min(input.size(), inputBytesMax);
        stream.next_in = bytesOf(input);
        stream.avail_in = static_cast<uInt>(size);
        input.remove_prefix(size);
    }
};

} // namespace

struct GzipStream::Deflater {
    z_stream stream {};

    Deflater()
    {
        if (deflateInit2(
                &stream, gzipLevel, Z_DEFLATED, gzipWindowBits, memoryLevel, Z_DEFAULT_STRATEGY
            )
            != Z_OK)
            throw std::bad_alloc();
    }
    ~Deflater() { deflateEnd(&stream); }
    Deflater(const Deflater&) = delete;
    Deflater& operator=(const Deflater&) = delete;
    Deflater(Deflater&&) = delete;
    Deflater& operator=(Deflater&&) = delete;

    std::string run(std::string_view input, int lastFlush)
    {
        std::string out;
        do {
            const auto size = std::min(input.size(), inputBytesMax);
            stream.next_in = bytesOf(input);
            stream.avail_in = static_cast<uInt>(size);
            input.remove_prefix(size);
            drain(out, input.empty() ? lastFlush : Z_NO_FLUSH);
        } while (!input.empty());
        return out;
    }

    void drain(std::string& out, int flush)
    {
        Block block;
        do {
            stream.next_out = block.data();
            stream.avail_out = static_cast<uInt>(block.size());
            deflate(&stream, flush);
            append(out, block, block.size() - stream.avail_out);
        } while (stream.avail_out == 0);
    }
};

GzipStream::GzipStream()
    : m_deflater(std::make_unique<Deflater>())
{
}
GzipStream::~GzipStream() = default;
GzipStream::GzipStream(GzipStream&&) noexcept = default;
GzipStream& GzipStream::operator=(GzipStream&&) noexcept = default;

std::string GzipStream::add(std::string_view bytes)
{
    return bytes.empty() ? std::string() : m_deflater->run(bytes, Z_SYNC_FLUSH);
}

std::string GzipStream::finish()
{
    return m_deflater->run({}, Z_FINISH);
}

std::string GzipStream::all(std::string_view bytes)
{
    return Deflater().run(bytes, Z_FINISH);
}

std::string gzip(std::string_view bytes)
{
    return GzipStream::all(bytes);
}

Result<std::string> gunzip(std::string_view bytes, std::size_t inflatedBytesMax)
{
    Inflater inflater;
    auto& stream = inflater.stream;
    std::string out;
    Block block;
    bool ended = false;
    for (;;) {
        inflater.feed(bytes);
        if (ended && stream.avail_in == 0)
            return out;
        if (ended) // RFC 1952, 2.2: a file is a series of members
            inflateReset(&stream);
        stream.next_out = block.data();
        stream.avail_out = static_cast<uInt>(block.size());
        const int status = inflate(&stream, Z_NO_FLUSH);
        const auto produced = block.size() - stream.avail_out;
        if (status != Z_OK && status != Z_STREAM_END)
            return failure(ErrorCode::MalformedInput, "the gzip data is damaged or cut off");
        if (produced > inflatedBytesMax - out.size())
            return failure(ErrorCode::TooLarge, "the gzip data inflates to more than is allowed");
        append(out, block, produced);
        ended = status == Z_STREAM_END;
    }
}

} // namespace quittance::http
