#include "core/formats/input.h"

#include <archive.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <system_error>
#include <utility>

namespace quittance::formats {

namespace {

constexpr std::size_t readBlockBytes = std::size_t { 256 } * 1024;

struct ArchiveCloser {
    void operator()(archive* handle) const { archive_read_free(handle); }
};

class FileDescriptor {
public:
    FileDescriptor() = default;
    FileDescriptor(int descriptor, bool owned)
        : m_descriptor(descriptor)
        , m_owned(owned)
    {
    }
    FileDescriptor(const FileDescriptor&) = delete;
    FileDescriptor& operator=(const FileDescriptor&) = delete;
    ~FileDescriptor()
    {
        if (m_owned)
            close(m_descriptor);
    }
    [[nodiscard]] int get() const { return m_descriptor; }

private:
    int m_descriptor = -1;
    bool m_owned = false;
};

std::string systemMessage(int error)
{
    return std::generic_category().message(error);
}

Error openError(const std::string& path, int error)
{
    auto code = ErrorCode::Unavailable;
    if (error == ENOENT || error == ENOTDIR)
        code = ErrorCode::NotFound;
    else if (error == EACCES || error == EPERM)
        code = ErrorCode::PermissionDenied;
    return { code, fmt::format("{}: cannot be opened: {}", path, systemMessage(error)) };
}

/// libarchive reads the content to find the filter; a stream in no archive format is "raw".
std::unique_ptr<archive, ArchiveCloser> makeReader()
{
    std::unique_ptr<archive, ArchiveCloser> handle(archive_read_new());
    archive_read_support_filter_gzip(handle.get());
    archive_read_support_filter_xz(handle.get());
    archive_read_support_format_empty(handle.get());
    archive_read_support_format_raw(handle.get());
    return handle;
}

} // namespace

struct Input::Source {
    std::string name;
    std::string bytes; ///< fromMemory
    std::unique_ptr<FileDescriptor> file; ///< closed after the archive that reads it
    std::unique_ptr<archive, ArchiveCloser> handle = makeReader();
    std::optional<std::int64_t> size;
    std::int64_t given = 0;
    bool begun = false;
    bool ended = false;
    std::optional<Error> error;

    Error readError();
    Result<> begin();
    Result<std::string_view> next();
};

/// What libarchive says, as an error of ours. Errno is set only where the system could not read.
Error Input::Source::readError()
{
    const auto* const text = archive_error_string(handle.get());
    const std::string reason = text != nullptr ? text : "unknown error";
    const auto number = archive_errno(handle.get());
    if (number == EIO || number == EISDIR)
        return { ErrorCode::Unavailable, fmt::format("{}: cannot be read: {}", name, reason) };
    return { ErrorCode::MalformedInput,
             fmt::format(
                 "{}: the compressed data is damaged or ends early, after {} good bytes: {}", name,
                 given, reason
             ) };
}

Result<> Input::Source::begin()
{
    begun = true;
    archive_entry* entry = nullptr;
    const auto status = archive_read_next_header(handle.get(), &entry);
    if (status == ARCHIVE_EOF)
        ended = true;
    else if (status != ARCHIVE_OK && status != ARCHIVE_WARN)
        return failure(readError());
    return {};
}

Result<std::string_view> Input::Source::next()
{
    if (!begun)
        QUITTANCE_CHECK(begin());
    const void* block = nullptr;
    std::size_t length = 0;
    la_int64_t offset = 0;
    while (!ended) {
        const auto status = archive_read_data_block(handle.get(), &block, &length, &offset);
        if (status == ARCHIVE_EOF)
            ended = true;
        else if (status != ARCHIVE_OK && status != ARCHIVE_WARN)
            return failure(readError());
        else if (length > 0) {
            given += static_cast<std::int64_t>(length);
            return std::string_view(static_cast<const char*>(block), length);
        }
    }
    return std::string_view();
}

Result<Input> Input::open(const std::string& path)
{
    auto source = std::make_unique<Source>();
    const auto standardInput = path == "-";
    source->name = standardInput ? "standard input" : path;
    const auto descriptor
        = standardInput ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return failure(openError(path, errno));
    source->file = std::make_unique<FileDescriptor>(descriptor, !standardInput);
    struct stat status { };
    if (fstat(descriptor, &status) != 0)
        return failure(openError(path, errno));
    if (S_ISDIR(status.st_mode))
        return failure(ErrorCode::InvalidArgument, fmt::format("{}: is a folder", path));
    if (S_ISREG(status.st_mode))
        source->size = status.st_size;
    if (archive_read_open_fd(source->handle.get(), descriptor, readBlockBytes) != ARCHIVE_OK)
        source->error = source->readError();
    return Input(std::move(source));
}

Result<Input> Input::fromMemory(std::string name, std::string bytes)
{
    auto source = std::make_unique<Source>();
    source->name = std::move(name);
    source->bytes = std::move(bytes);
    source->size = static_cast<std::int64_t>(source->bytes.size());
    if (archive_read_open_memory(source->handle.get(), source->bytes.data(), source->bytes.size())
        != ARCHIVE_OK)
        source->error = source->readError();
    return Input(std::move(source));
}

Input::Input(std::unique_ptr<Source> source)
    : m_source(std::move(source))
{
}

Input::Input(Input&& other) noexcept = default;
Input& Input::operator=(Input&& other) noexcept = default;
Input::~Input() = default;

Result<std::string_view> Input::read()
{
    if (m_source->error)
        return failure(*m_source->error);
    auto block = m_source->next();
    if (!block)
        m_source->error = block.error();
    return block;
}

const std::string& Input::name() const
{
    return m_source->name;
}

std::int64_t Input::bytesRead() const
{
    return archive_filter_bytes(m_source->handle.get(), -1);
}

std::optional<std::int64_t> Input::sizeBytes() const
{
    return m_source->size;
}

} // namespace quittance::formats
