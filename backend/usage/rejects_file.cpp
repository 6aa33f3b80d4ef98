#include "backend/usage/rejects_file.h"

#include "core/formats/csv.h"

#include <fmt/format.h>

#include <cerrno>
#include <system_error>

namespace quittance::backend {

Error fileError(const std::filesystem::path& path, std::string_view doing, int number)
{
    ErrorCode code = ErrorCode::Unavailable;
    if (number == ENOSPC || number == EDQUOT)
        code = ErrorCode::StorageFull;
    else if (number == EACCES || number == EPERM || number == EROFS)
        code = ErrorCode::PermissionDenied;
    else if (number == ENOENT)
        code = ErrorCode::NotFound;
    return { code,
             fmt::format(
                 "{}: cannot {}: {}", path.string(), doing,
                 std::error_code(number, std::generic_category()).message()
             ) };
}

RejectsFile::RejectsFile(std::filesystem::path path)
    : m_path(std::move(path))
{
}

RejectsFile::~RejectsFile()
{
    if (!m_file)
        return;
    m_file.reset();
    std::error_code ignored; // a leftover file is no reason to fail
    if (m_output.isBeside())
        std::filesystem::remove(m_output.written, ignored);
}

Result<> RejectsFile::open()
{
    m_output = formats::outputPath(m_path);
    errno = 0;
    m_file.emplace(m_output.written, std::ios::binary | std::ios::trunc);
    if (!*m_file) {
        const int number = errno;
        m_file.reset();
        return failure(fileError(m_output.written, "write the rejected rows", number));
    }
    formats::CsvWriter(m_buffer).row({ "input", "row", "column", "value", "reason", "raw" });
    return {};
}

Result<>
RejectsFile::add(std::string_view input, const formats::RowProblem& problem, std::string_view raw)
{
    if (m_path.empty())
        return {};
    if (!m_file)
        QUITTANCE_CHECK(open());
    formats::CsvWriter(m_buffer).row({ input, std::to_string(problem.row), problem.column,
                                       problem.value, problem.reason, raw });
    constexpr std::size_t flushBytes = std::size_t { 64 } * 1024;
    return m_buffer.size() < flushBytes ? Result<>() : checkWritten();
}

Result<> RejectsFile::checkWritten()
{
    errno = 0;
    m_file->write(m_buffer.data(), static_cast<std::streamsize>(m_buffer.size()));
    m_file->flush();
    m_buffer.clear();
    if (*m_file)
        return {};
    return failure(fileError(m_output.written, "write the rejected rows", errno));
}

Result<std::filesystem::path> RejectsFile::finish()
{
    if (!m_file)
        return std::filesystem::path();
    QUITTANCE_CHECK(checkWritten());
    errno = 0;
    m_file->close();
    if (!*m_file)
        return failure(fileError(m_output.written, "write the rejected rows", errno));
    std::error_code error;
    if (m_output.isBeside())
        std::filesystem::rename(m_output.written, m_output.target, error);
    if (error)
        return failure(fileError(m_path, "write the rejected rows", error.value()));
    m_file.reset();
    return m_path;
}

} // namespace quittance::backend
