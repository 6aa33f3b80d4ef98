#pragma once

#include <cstddef>
#include <cstdint>

/// PostgreSQL's binary formats are big-endian.
namespace quittance::database::postgres {

inline constexpr unsigned int bitsPerByte = 8;

/// The bytes of `value`, most significant first, at `to`.
template <class Unsigned> void storeBigEndian(Unsigned value, char* to)
{
    for (std::size_t i = sizeof(Unsigned); i-- > 0;) {
        to[i] = static_cast<char>(value & 0xFFU);
        if constexpr (sizeof(Unsigned) > 1)
            value = static_cast<Unsigned>(value >> bitsPerByte);
    }
}

/// `size` bytes (1 to 8), most significant first, as a signed number.
inline std::int64_t loadBigEndian(const char* from, std::size_t size)
{
    // Begins with the sign, so that a short number is extended by it.
    std::uint64_t value
        = (static_cast<unsigned char>(from[0]) & 0x80U) != 0 ? ~std::uint64_t { 0 } : 0;
    for (std::size_t i = 0; i < size; ++i)
        value = (value << bitsPerByte) | static_cast<unsigned char>(from[i]);
    return static_cast<std::int64_t>(value);
}

/// Types by their number in pg_type, which are fixed.
enum TypeNumber : unsigned int {
    boolType = 16,
    byteaType = 17,
    nameType = 19,
    int8Type = 20,
    int2Type = 21,
    int4Type = 23,
    textType = 25,
    oidType = 26,
    unknownType = 705,
    bpcharType = 1042,
    varcharType = 1043,
};

} // namespace quittance::database::postgres
