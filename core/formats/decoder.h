#pragma once

#include "core/domain/result.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace quittance::formats {

/// Unpacks a stream piece by piece. Every byte that was unpacked before an error was given;
/// checksums are verified. zlib and liblzma themselves, because libarchive's gzip filter checks no
/// checksum: a damaged file would become wrong quantities without a word.
class Decoder {
public:
    Decoder() = default;
    Decoder(const Decoder&) = delete;
    Decoder& operator=(const Decoder&) = delete;
    virtual ~Decoder() = default;

    enum class State : std::uint8_t {
        Ran, ///< took input or made output
        Ended, ///< at the end of a whole stream; with more input, another one may begin
        Failed, ///< damaged
    };
    struct Piece {
        std::string_view output;
        State state = State::Ran;
    };
    /// Unpacks the start of `input` and removes from it what was taken.
    [[nodiscard]] virtual Piece decode(std::string_view& input) = 0;
};

constexpr std::size_t signatureBytesMax = 6;
/// By the first bytes (at least signatureBytesMax, where there are as many): gzip (RFC 1952), xz,
/// or nullptr for what is packed in neither.
[[nodiscard]] std::unique_ptr<Decoder> makeDecoder(std::string_view start);

} // namespace quittance::formats
