#include "core/formats/decoder.h"

#include <lzma.h>
#include <zlib.h>

#include <array>
#include <cstddef>
#include <limits>
#include <vector>

namespace quittance::formats {

namespace {

constexpr std::size_t outputBytes = std::size_t { 256 } * 1024;

class GzipDecoder final : public Decoder {
public:
    GzipDecoder()
        : m_output(outputBytes)
    {
        constexpr int gzipOnly = 16;
        m_good = inflateInit2(&m_stream, MAX_WBITS + gzipOnly) == Z_OK;
    }
    GzipDecoder(const GzipDecoder&) = delete;
    GzipDecoder& operator=(const GzipDecoder&) = delete;
    ~GzipDecoder() override { inflateEnd(&m_stream); }

    Piece decode(std::string_view& input) override
    {
        if (!m_good)
            return { {}, State::Failed };
        // A gzip file may be several streams, one after the other.
        if (m_ended && inflateReset(&m_stream) != Z_OK)
            return { {}, State::Failed };
        m_stream.next_in = reinterpret_cast<const Bytef*>(input.data());
        m_stream.avail_in = static_cast<uInt>(input.size());
        m_stream.next_out = m_output.data();
        m_stream.avail_out = static_cast<uInt>(m_output.size());
        const auto status = inflate(&m_stream, Z_NO_FLUSH);
        m_ended = status == Z_STREAM_END;
        input.remove_prefix(input.size() - m_stream.avail_in);
        const std::string_view output(
            reinterpret_cast<const char*>(m_output.data()), m_output.size() - m_stream.avail_out
        );
        if (m_ended)
            return { output, State::Ended };
        // Z_BUF_ERROR only says that nothing could be done yet.
        m_good = status == Z_OK || status == Z_BUF_ERROR;
        return { output, m_good ? State::Ran : State::Failed };
    }

private:
    z_stream m_stream {};
    std::vector<Bytef> m_output;
    bool m_good = false;
    bool m_ended = false;
};

class XzDecoder final : public Decoder {
public:
    XzDecoder()
        : m_output(outputBytes)
    {
        begin();
    }
    XzDecoder(const XzDecoder&) = delete;
    XzDecoder& operator=(const XzDecoder&) = delete;
    ~XzDecoder() override { lzma_end(&m_stream); }

    Piece decode(std::string_view& input) override
    {
        if (m_ended)
            begin();
        if (!m_good)
            return { {}, State::Failed };
        m_stream.next_in = reinterpret_cast<const std::uint8_t*>(input.data());
        m_stream.avail_in = input.size();
        m_stream.next_out = m_output.data();
        m_stream.avail_out = m_output.size();
        const auto status = lzma_code(&m_stream, LZMA_RUN);
        m_ended = status == LZMA_STREAM_END;
        input.remove_prefix(input.size() - m_stream.avail_in);
        const std::string_view output(
            reinterpret_cast<const char*>(m_output.data()), m_output.size() - m_stream.avail_out
        );
        if (m_ended)
            return { output, State::Ended };
        m_good = status == LZMA_OK || status == LZMA_BUF_ERROR;
        return { output, m_good ? State::Ran : State::Failed };
    }

private:
    void begin()
    {
        // What `xz -9` needs is 65 MiB; a file that asks for much more is no usage file.
        constexpr std::uint64_t memoryBytesMax = std::uint64_t { 256 } << 20U;
        m_good = lzma_stream_decoder(&m_stream, memoryBytesMax, 0) == LZMA_OK;
        m_ended = false;
    }

    lzma_stream m_stream = LZMA_STREAM_INIT;
    std::vector<std::uint8_t> m_output;
    bool m_good = false;
    bool m_ended = false;
};

} // namespace

std::unique_ptr<Decoder> makeDecoder(std::string_view start)
{
    using namespace std::string_view_literals;
    if (start.starts_with("\x1f\x8b\x08"sv))
        return std::make_unique<GzipDecoder>();
    if (start.starts_with("\xfd\x37zXZ\0"sv))
        return std::make_unique<XzDecoder>();
    return nullptr;
}

} // namespace quittance::formats
