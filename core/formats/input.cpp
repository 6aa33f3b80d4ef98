#include "core/formats/input.h"

#include "core/formats/decoder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <system_error>
#include <utility>

namespace quittance::formats {

namespace {

constexpr std::size_t readBlockBytes = std::size_t { 256 } * 1024;

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

} // namespace

struct Input::Source {
    std::string name;
    std::unique_ptr<FileDescriptor> file;
    std::string buffer; ///< what was read from the file, or all of fromMemory
    std::string_view pending; ///< the part of it not yet given or unpacked
    std::unique_ptr<Decoder> decoder;
    std::optional<std::int64_t> size;
    std::int64_t taken = 0; ///< of the file
    std::int64_t given = 0;
    bool begun = false;
    bool atEnd = false; ///< of the file
    bool midStream = false; ///< of packed data
    std::optional<Error> error;

    Result<> refill();
    Result<> begin();
    Result<std::string_view> unpack();
    Result<std::string_view> next();
    tl::unexpected<Error> damaged(std::string_view why);
};

tl::unexpected<Error> Input::Source::damaged(std::string_view why)
{
    return failure(
        ErrorCode::MalformedInput,
        fmt::format("{}: the compressed data {}, after {} good bytes", name, why, given)
    );
}

/// Puts more of the file behind what is pending, or sets atEnd.
Result<> Input::Source::refill()
{
    if (!file) {
        atEnd = true;
        return {};
    }
    buffer.erase(0, buffer.size() - pending.size());
    const auto kept = buffer.size();
    buffer.resize(kept + readBlockBytes);
    ssize_t count = 0;
    do
        count = ::read(file->get(), buffer.data() + kept, readBlockBytes);
    while (count < 0 && errno == EINTR);
    buffer.resize(kept + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    pending = buffer;
    if (count < 0)
        return failure(
            ErrorCode::Unavailable,
            fmt::format("{}: cannot be read: {}", name, systemMessage(errno))
        );
    atEnd = count == 0;
    taken += count;
    return {};
}

Result<> Input::Source::begin()
{
    begun = true;
    while (!atEnd && pending.size() < signatureBytesMax)
        QUITTANCE_CHECK(refill());
    decoder = makeDecoder(pending);
    midStream = decoder != nullptr;
    return {};
}

/// The next piece of unpacked bytes; empty at the end of the last stream.
Result<std::string_view> Input::Source::unpack()
{
    while (true) {
        if (pending.empty() && !atEnd)
            QUITTANCE_CHECK(refill());
        if (pending.empty() && !midStream)
            return std::string_view();
        const auto before = pending.size();
        const auto piece = decoder->decode(pending);
        given += static_cast<std::int64_t>(piece.output.size());
        midStream = piece.state != Decoder::State::Ended;
        if (piece.state == Decoder::State::Failed)
            error = damaged("is damaged").value();
        if (!piece.output.empty())
            return piece.output;
        if (error)
            return failure(*error);
        if (midStream && before == pending.size() && atEnd)
            return damaged("ends early");
    }
}

Result<std::string_view> Input::Source::next()
{
    if (!begun)
        QUITTANCE_CHECK(begin());
    if (decoder)
        return unpack();
    if (pending.empty() && !atEnd)
        QUITTANCE_CHECK(refill());
    given += static_cast<std::int64_t>(pending.size());
    return std::exchange(pending, {});
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
    return Input(std::move(source));
}

Result<Input> Input::fromMemory(std::string name, std::string bytes)
{
    auto source = std::make_unique<Source>();
    source->name = std::move(name);
    source->buffer = std::move(bytes);
    source->size = static_cast<std::int64_t>(source->buffer.size());
    source->pending = source->buffer;
    source->taken = *source->size;
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
    return m_source->taken;
}

std::optional<std::int64_t> Input::sizeBytes() const
{
    return m_source->size;
}

} // namespace quittance::formats
