#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

namespace quittance::testing {

/// A VFS of SQLite that passes everything to the system's and can be told to fail, as a disk does.
class FaultVfs {
public:
    FaultVfs();
    FaultVfs(const FaultVfs&) = delete;
    FaultVfs& operator=(const FaultVfs&) = delete;
    ~FaultVfs();

    /// For Options::sqliteVfs.
    [[nodiscard]] const std::string& name() const;
    /// Files can grow by this much more, all together; further writes find the disk full.
    void leaveFreeBytes(std::int64_t bytes);
    void leaveUnlimited();
    /// The next calls to sync fail.
    void failSync(bool isFailing);
    /// Files open for reading only, as where permissions or a read-only mount forbid more.
    void refuseWriting(bool isRefusing);

    struct State;

private:
    std::unique_ptr<State> m_state;
};

} // namespace quittance::testing
