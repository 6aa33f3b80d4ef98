#pragma once

#include "core/database/database.h"

#include <libpq-fe.h>

#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace quittance::database::postgres {

struct ResultClearer {
    void operator()(PGresult* result) const noexcept { PQclear(result); }
};
using Answer = std::unique_ptr<PGresult, ResultClearer>;

/// Arguments as libpq wants them: binary, big-endian integers.
class Parameters {
public:
    explicit Parameters(std::span<const Value> args);
    [[nodiscard]] int count() const { return static_cast<int>(m_values.size()); }
    [[nodiscard]] const std::vector<Oid>& types() const
    {
        return m_types;
    } ///< 0 for NULL: the server infers
    [[nodiscard]] const char* const* values() const { return m_values.data(); }
    [[nodiscard]] const int* lengths() const { return m_lengths.data(); }
    [[nodiscard]] const int* formats() const { return m_formats.data(); }

private:
    std::vector<Oid> m_types;
    std::vector<const char*> m_values;
    std::vector<int> m_lengths;
    std::vector<int> m_formats;
    std::vector<std::uint64_t> m_integers; ///< what m_values points to for integers
};

/// One connection, used by one thread at a time (interrupt apart).
class Connection {
public:
    [[nodiscard]] static Result<std::unique_ptr<Connection>>
    open(const std::string& url, const Options& options);
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection() = default;

    [[nodiscard]] PGconn* handle() const { return m_handle.get(); }
    [[nodiscard]] bool isBroken() const { return PQstatus(m_handle.get()) != CONNECTION_OK; }
    /// Idle and outside a transaction: fit for the next user.
    [[nodiscard]] bool isIdle() const;
    /// A statement without arguments: BEGIN, COMMIT, TRUNCATE. COMMIT of a failed transaction is an
    /// error here.
    [[nodiscard]] Result<> run(const std::string& sql);
    /// Sends a statement; the answer is read by nextAnswer. Statements that read or change rows are
    /// prepared once.
    [[nodiscard]] Result<> send(std::string_view sql, const Parameters& parameters);
    /// The next answer of what was sent, empty at its end.
    [[nodiscard]] Answer nextAnswer() { return Answer(PQgetResult(m_handle.get())); }
    /// Reads and drops what is left of what was sent.
    void finish();
    /// Asks the server, from any thread, to end the running statement.
    void interrupt();
    [[nodiscard]] Error noteError(const PGresult* result, std::string_view sql);
    /// True where an error since forgetErrors means that the same transaction, run again, may
    /// succeed.
    [[nodiscard]] bool isWorthRepeating() const { return m_isWorthRepeating; }
    void forgetErrors() { m_isWorthRepeating = false; }
    [[nodiscard]] Result<> setReadOnly();

private:
    struct Closer {
        void operator()(PGconn* connection) const noexcept { PQfinish(connection); }
    };
    struct CancelFreer {
        void operator()(PGcancel* cancel) const noexcept { PQfreeCancel(cancel); }
    };
    struct TextHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const
        {
            return std::hash<std::string_view> {}(text);
        }
    };
    struct Prepared {
        std::string name;
        std::vector<Oid> types;
        std::list<std::string_view>::iterator age;
    };
    using Cache = std::unordered_map<std::string, Prepared, TextHash, std::equal_to<>>;

    explicit Connection(PGconn* handle);
    [[nodiscard]] Result<std::string> prepared(std::string_view sql, const Parameters& parameters);
    [[nodiscard]] Result<>
    prepare(const std::string& name, std::string_view sql, const std::vector<Oid>& types);
    [[nodiscard]] Result<> deallocate(const std::string& name);
    [[nodiscard]] Result<> forgetOldest();
    void forgetStatements();

    std::unique_ptr<PGconn, Closer> m_handle;
    std::unique_ptr<PGcancel, CancelFreer> m_cancel;
    Cache m_cache;
    std::list<std::string_view> m_ages; ///< the texts of m_cache, least recently used first
    std::uint64_t m_nameCount = 0;
    bool m_isWorthRepeating = false;
};

/// InvalidArgument where the URL cannot be read or holds a password; its text is never repeated.
[[nodiscard]] Result<> checkUrl(const std::string& url);

} // namespace quittance::database::postgres
