#include "backend/usage/spool.h"

#include "backend/usage/rejects_file.h"
#include "core/formats/input.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <system_error>
#include <utility>

namespace quittance::backend {

namespace {

/// An empty file of our own, which nobody else can read.
Result<std::filesystem::path> makeTemporaryFile()
{
    std::error_code error;
    const auto folder = std::filesystem::temp_directory_path(error);
    if (error)
        return failure(fileError("temporary folder", "find", error.value()));
    std::string path = (folder / "quittance-import-XXXXXX").string();
    const int file = mkstemp(path.data());
    if (file < 0)
        return failure(fileError(path, "make a temporary file", errno));
    close(file);
    return std::filesystem::path(path);
}

} // namespace

Spool::Spool(std::filesystem::path path)
    : m_path(std::move(path))
{
}

Spool::Spool(Spool&& other) noexcept
    : m_path(std::exchange(other.m_path, {}))
    , m_broken(std::move(other.m_broken))
{
}

Spool::~Spool()
{
    if (m_path.empty())
        return;
    std::error_code ignored; // a leftover temporary file is no reason to fail
    std::filesystem::remove(m_path, ignored);
}

Result<Spool> Spool::fill(const std::string& input)
{
    QUITTANCE_TRY(auto source, formats::Input::open(input));
    QUITTANCE_TRY(auto path, makeTemporaryFile());
    Spool spool(std::move(path));
    std::ofstream file(spool.m_path, std::ios::binary | std::ios::trunc);
    while (true) {
        const auto block = source.read();
        if (!block) {
            spool.m_broken = failure(block.error());
            break;
        }
        if (block->empty())
            break;
        errno = 0;
        if (!file.write(block->data(), static_cast<std::streamsize>(block->size())))
            return failure(fileError(spool.m_path, "keep the input for a second reading", errno));
    }
    errno = 0;
    file.close();
    if (!file)
        return failure(fileError(spool.m_path, "keep the input for a second reading", errno));
    return spool;
}

bool isRereadable(const std::string& input)
{
    std::error_code error; // an input that is not there is reported where it is opened
    return input != "-" && std::filesystem::is_regular_file(input, error);
}

} // namespace quittance::backend
