#include "tests/core/database/fault_vfs.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <cstring>
#include <limits>

namespace quittance::testing {

struct FaultVfs::State {
    std::string name;
    sqlite3_vfs vfs {};
    sqlite3_vfs* system = nullptr;
    std::atomic<std::int64_t> freeBytes = std::numeric_limits<std::int64_t>::max();
    std::atomic<bool> isSyncFailing = false;
    std::atomic<bool> isWritingRefused = false;
};

namespace {

using State = FaultVfs::State;

/// What SQLite allocates for a file: this, and behind it the system's own.
struct File {
    sqlite3_file base;
    State* state;
    sqlite3_file* system;
};

File& fileOf(sqlite3_file* file)
{
    return *reinterpret_cast<File*>(file);
}

sqlite3_file* systemOf(sqlite3_file* file)
{
    return fileOf(file).system;
}

State& stateOf(sqlite3_vfs* vfs)
{
    return *static_cast<State*>(vfs->pAppData);
}

int closeFile(sqlite3_file* file)
{
    return systemOf(file)->pMethods->xClose(systemOf(file));
}

int readFile(sqlite3_file* file, void* to, int bytes, sqlite3_int64 at)
{
    return systemOf(file)->pMethods->xRead(systemOf(file), to, bytes, at);
}

int writeFile(sqlite3_file* file, const void* from, int bytes, sqlite3_int64 at)
{
    sqlite3_int64 size = 0;
    systemOf(file)->pMethods->xFileSize(systemOf(file), &size);
    const sqlite3_int64 growth = at + bytes - size;
    State& state = *fileOf(file).state;
    if (growth > 0 && state.freeBytes.load() < growth)
        return SQLITE_FULL;
    if (growth > 0)
        state.freeBytes -= growth;
    return systemOf(file)->pMethods->xWrite(systemOf(file), from, bytes, at);
}

int truncateFile(sqlite3_file* file, sqlite3_int64 size)
{
    return systemOf(file)->pMethods->xTruncate(systemOf(file), size);
}

int syncFile(sqlite3_file* file, int flags)
{
    if (fileOf(file).state->isSyncFailing)
        return SQLITE_IOERR_FSYNC;
    return systemOf(file)->pMethods->xSync(systemOf(file), flags);
}

int fileSize(sqlite3_file* file, sqlite3_int64* size)
{
    return systemOf(file)->pMethods->xFileSize(systemOf(file), size);
}

int lockFile(sqlite3_file* file, int level)
{
    return systemOf(file)->pMethods->xLock(systemOf(file), level);
}

int unlockFile(sqlite3_file* file, int level)
{
    return systemOf(file)->pMethods->xUnlock(systemOf(file), level);
}

int checkReservedLock(sqlite3_file* file, int* isReserved)
{
    return systemOf(file)->pMethods->xCheckReservedLock(systemOf(file), isReserved);
}

int controlFile(sqlite3_file* file, int operation, void* argument)
{
    return systemOf(file)->pMethods->xFileControl(systemOf(file), operation, argument);
}

int sectorSize(sqlite3_file* file)
{
    return systemOf(file)->pMethods->xSectorSize(systemOf(file));
}

int deviceCharacteristics(sqlite3_file* file)
{
    return systemOf(file)->pMethods->xDeviceCharacteristics(systemOf(file));
}

int mapShared(sqlite3_file* file, int page, int size, int extend, void volatile** memory)
{
    return systemOf(file)->pMethods->xShmMap(systemOf(file), page, size, extend, memory);
}

int lockShared(sqlite3_file* file, int offset, int count, int flags)
{
    return systemOf(file)->pMethods->xShmLock(systemOf(file), offset, count, flags);
}

void barrierShared(sqlite3_file* file)
{
    systemOf(file)->pMethods->xShmBarrier(systemOf(file));
}

int unmapShared(sqlite3_file* file, int isDeleted)
{
    return systemOf(file)->pMethods->xShmUnmap(systemOf(file), isDeleted);
}

constexpr int methodsWithSharedMemory = 2;

const sqlite3_io_methods methods = { methodsWithSharedMemory,
                                     closeFile,
                                     readFile,
                                     writeFile,
                                     truncateFile,
                                     syncFile,
                                     fileSize,
                                     lockFile,
                                     unlockFile,
                                     checkReservedLock,
                                     controlFile,
                                     sectorSize,
                                     deviceCharacteristics,
                                     mapShared,
                                     lockShared,
                                     barrierShared,
                                     unmapShared,
                                     nullptr,
                                     nullptr };

int openFile(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* flagsOut)
{
    State& state = stateOf(vfs);
    File& opened = fileOf(file);
    opened.base.pMethods = nullptr;
    opened.state = &state;
    opened.system = reinterpret_cast<sqlite3_file*>(&opened + 1);
    constexpr unsigned int writing = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    if (state.isWritingRefused && (static_cast<unsigned int>(flags) & SQLITE_OPEN_MAIN_DB) != 0)
        flags = static_cast<int>(
            (static_cast<unsigned int>(flags) & ~writing) | SQLITE_OPEN_READONLY
        );
    const int code = state.system->xOpen(state.system, name, opened.system, flags, flagsOut);
    if (code == SQLITE_OK)
        opened.base.pMethods = &methods;
    return code;
}

int deleteFile(sqlite3_vfs* vfs, const char* name, int isDurable)
{
    sqlite3_vfs* system = stateOf(vfs).system;
    return system->xDelete(system, name, isDurable);
}

int accessFile(sqlite3_vfs* vfs, const char* name, int flags, int* answer)
{
    sqlite3_vfs* system = stateOf(vfs).system;
    return system->xAccess(system, name, flags, answer);
}

int fullPath(sqlite3_vfs* vfs, const char* name, int size, char* out)
{
    sqlite3_vfs* system = stateOf(vfs).system;
    return system->xFullPathname(system, name, size, out);
}

int randomness(sqlite3_vfs* vfs, int size, char* out)
{
    sqlite3_vfs* system = stateOf(vfs).system;
    return system->xRandomness(system, size, out);
}

int sleepFor(sqlite3_vfs* vfs, int microseconds)
{
    sqlite3_vfs* system = stateOf(vfs).system;
    return system->xSleep(system, microseconds);
}

int currentTime(sqlite3_vfs* vfs, sqlite3_int64* milliseconds)
{
    sqlite3_vfs* system = stateOf(vfs).system;
    return system->xCurrentTimeInt64(system, milliseconds);
}

} // namespace

FaultVfs::FaultVfs()
    : m_state(std::make_unique<State>())
{
    static std::atomic<int> count = 0;
    m_state->name = fmt::format("fault-{}", ++count);
    m_state->system = sqlite3_vfs_find(nullptr);
    sqlite3_vfs& vfs = m_state->vfs;
    constexpr int versionWithTime64 = 2;
    vfs.iVersion = versionWithTime64;
    vfs.szOsFile = static_cast<int>(sizeof(File)) + m_state->system->szOsFile;
    vfs.mxPathname = m_state->system->mxPathname;
    vfs.zName = m_state->name.c_str();
    vfs.pAppData = m_state.get();
    vfs.xOpen = openFile;
    vfs.xDelete = deleteFile;
    vfs.xAccess = accessFile;
    vfs.xFullPathname = fullPath;
    vfs.xRandomness = randomness;
    vfs.xSleep = sleepFor;
    vfs.xCurrentTimeInt64 = currentTime;
    constexpr int notDefault = 0;
    sqlite3_vfs_register(&vfs, notDefault);
}

FaultVfs::~FaultVfs()
{
    sqlite3_vfs_unregister(&m_state->vfs);
}

const std::string& FaultVfs::name() const
{
    return m_state->name;
}

void FaultVfs::leaveFreeBytes(std::int64_t bytes)
{
    m_state->freeBytes = bytes;
}

void FaultVfs::leaveUnlimited()
{
    m_state->freeBytes = std::numeric_limits<std::int64_t>::max();
}

void FaultVfs::failSync(bool isFailing)
{
    m_state->isSyncFailing = isFailing;
}

void FaultVfs::refuseWriting(bool isRefusing)
{
    m_state->isWritingRefused = isRefusing;
}

} // namespace quittance::testing
