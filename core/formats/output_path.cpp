#include "core/formats/output_path.h"

#include <system_error>

namespace quittance::formats {

namespace fs = std::filesystem;

namespace {

/// Where the link leads, even where nothing is there yet.
fs::path followed(fs::path path)
{
    constexpr int linksMax = 40; // as the system allows
    std::error_code error;
    for (int links = 0; links < linksMax && fs::is_symlink(path, error); ++links) {
        const fs::path next = fs::read_symlink(path, error);
        if (error)
            break;
        path = path.parent_path() / next;
    }
    return path;
}

} // namespace

OutputPath outputPath(const fs::path& file)
{
    std::error_code absent;
    const fs::file_status status = fs::status(file, absent);
    // The system's own links, as of /dev/stdout, lead to what has no path of its own.
    if (fs::exists(status) && !fs::is_regular_file(status))
        return { file, file };
    const fs::path target = followed(file);
    return { target, target.string() + ".part" };
}

} // namespace quittance::formats
