#pragma once

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

/// The benchmark's usage file, read as fast as a program can that knows its form: mapped into
/// memory, fields cut in place, nothing checked. For the floor programs, which share nothing with
/// the product.
namespace quittance::peers {

[[noreturn]] inline void stop(const std::string& why)
{
    std::fprintf(stderr, "floor: %s\n", why.c_str());
    std::exit(1); // NOLINT(concurrency-mt-unsafe)
}

class MappedFile {
public:
    explicit MappedFile(const char* path)
        : m_file(open(path, O_RDONLY | O_CLOEXEC))
    {
        struct stat status { };
        if (m_file < 0 || fstat(m_file, &status) != 0)
            stop(std::string("cannot read ") + path);
        m_size = static_cast<std::size_t>(status.st_size);
        m_bytes = mmap(nullptr, m_size, PROT_READ, MAP_PRIVATE, m_file, 0);
        if (m_bytes == MAP_FAILED)
            stop("cannot map the file");
        madvise(m_bytes, m_size, MADV_SEQUENTIAL);
    }
    MappedFile(const MappedFile&) = delete;
    MappedFile& operator=(const MappedFile&) = delete;
    ~MappedFile()
    {
        munmap(m_bytes, m_size);
        close(m_file);
    }
    [[nodiscard]] std::string_view text() const { return { static_cast<char*>(m_bytes), m_size }; }

private:
    int m_file;
    std::size_t m_size = 0;
    void* m_bytes = nullptr;
};

/// A row as the product stores it; texts live as long as the file.
struct UsageRow {
    std::string_view id;
    std::string_view resource;
    std::int64_t project = 0;
    std::int64_t sku = 0;
    std::int64_t startedAt = 0;
    std::int64_t endedAt = 0;
    std::int64_t quantity = 0;
};

class UsageRows {
public:
    explicit UsageRows(std::string_view text)
        : m_rest(text.substr(text.find('\n') + 1))
    {
    }

    /// False at the end.
    bool next(UsageRow& row)
    {
        constexpr std::int64_t micros = 1'000'000;
        if (m_rest.empty())
            return false;
        row.id = cut(',');
        row.project = term(cut(','));
        row.resource = cut(',');
        row.sku = term(cut(','));
        const std::int64_t gpus = number(cut(','));
        row.startedAt = instant(cut(','));
        const std::int64_t seconds = number(cut('\n'));
        row.endedAt = row.startedAt + seconds * micros;
        row.quantity = gpus * seconds * micros;
        return true;
    }

private:
    std::string_view cut(char end)
    {
        const std::size_t length = m_rest.find(end);
        const std::string_view field = m_rest.substr(0, length);
        m_rest.remove_prefix(length + 1);
        return field;
    }
    static std::int64_t number(std::string_view digits)
    {
        constexpr std::int64_t base = 10;
        std::int64_t value = 0;
        for (const char digit : digits)
            value = value * base + (digit - '0');
        return value;
    }
    /// The number of a word, in order of first sight.
    std::int64_t term(std::string_view word)
    {
        const auto next = static_cast<std::int64_t>(m_terms.size()) + 1;
        return m_terms.try_emplace(word, next).first->second;
    }
    /// "2024-05-01T10:00:00Z" in microseconds; the day is counted anew only where it changes.
    std::int64_t instant(std::string_view text)
    {
        constexpr std::size_t dateLength = 10;
        constexpr std::int64_t minutes = 60;
        constexpr std::int64_t seconds = 60;
        constexpr std::int64_t hours = 24;
        constexpr std::int64_t micros = 1'000'000;
        if (const std::string_view date = text.substr(0, dateLength); date != m_date) {
            m_date = date;
            m_day = daysOf(
                number(date.substr(0, 4)), number(date.substr(5, 2)), number(date.substr(8, 2))
            );
        }
        const std::int64_t hour = number(text.substr(11, 2));
        const std::int64_t minute = number(text.substr(14, 2));
        const std::int64_t second = number(text.substr(17, 2));
        return (((m_day * hours + hour) * minutes + minute) * seconds + second) * micros;
    }
    /// Days since 1970 in the Gregorian calendar, counted in years that begin in March.
    static std::int64_t daysOf(std::int64_t year, std::int64_t month, std::int64_t day)
    {
        const std::int64_t shifted = (month + 9) % 12;
        year -= shifted / 10;
        return 365 * year + year / 4 - year / 100 + year / 400 + (shifted * 306 + 5) / 10 + day - 1
            - 719'468;
    }

    std::string_view m_rest;
    std::string_view m_date;
    std::int64_t m_day = 0;
    std::unordered_map<std::string_view, std::int64_t> m_terms;
};

/// Gives `store` the rows in batches of 10,000, each sorted by its key, which is how an index takes
/// them fastest; the next batch is read meanwhile by a second thread, as the product does.
template <class Store> void forEachBatch(const char* path, bool isSorted, Store store)
{
    constexpr std::size_t rowsPerBatch = 10'000;
    const MappedFile file(path);
    UsageRows rows(file.text());
    const auto readBatch = [&rows, isSorted] {
        std::vector<UsageRow> batch;
        batch.reserve(rowsPerBatch);
        for (UsageRow row; batch.size() < rowsPerBatch && rows.next(row);)
            batch.push_back(row);
        if (isSorted)
            std::ranges::sort(batch, {}, &UsageRow::id);
        return batch;
    };
    std::vector<UsageRow> batch = readBatch();
    while (!batch.empty()) {
        std::future<std::vector<UsageRow>> next = std::async(std::launch::async, readBatch);
        store(batch);
        batch = next.get();
    }
}

} // namespace quittance::peers
