"""Which folder of the project may include which: the table of docs/architecture.md, in the one place that checks it.

A folder may always include itself. A name in a list allows that folder and all below it; a name ending in .h allows
that one header. A file belongs to the longest entry here that it lies in; an entry may also be one pair of .h and .cpp.
"""

# Each may include those before it in its own list, and never one after it.
FOUNDATION = ["backend/journal", "backend/ledger", "backend/outbox", "backend/jobs"]
FEATURES = [
    "backend/accounts",
    "backend/pricing",
    "backend/usage",
    "backend/billing",
    "backend/risk",
    "backend/payments",
    "backend/refunds",
    "backend/collections",
    "backend/costs",
]
ENGINE = ["core/contract", "core/formats", "core/domain", "core/database"]
RESULT_AND_CLOCK = ["core/domain/result.h", "core/domain/time.h"]
CONSOLE_SIDE = ["client", "models", "ui", "app/console"]
BACKEND_SIDE = ["backend", "sandbox", "app/daemon", "app/gateway"]

MAY_INCLUDE = {
    "core/domain": [],
    "core/formats": ["core/domain"],
    "core/contract": ["core/domain"],
    "core/database": RESULT_AND_CLOCK,
    "core/http": RESULT_AND_CLOCK,
    "client/ports": ["core/domain"],
    "client/store": ["core/database", "core/contract", "core/domain"],
    "client/sync": ["client/store", "core/contract", "core/domain"],
    "client/transport": ["core/contract", "core/domain"],
    "client/services": ["client", "core/contract", "core/formats", "core/domain"],
    "models": ["core/domain"],
    "ui": ["models", "client/ports", "core/domain"],
    # The one list of every part's periodic work, and the numbered one of its migrations.
    "backend/periodic_jobs": FOUNDATION + FEATURES + ["backend/notifications", "core/formats", "core/database", "core/domain"],
    "backend/migrations": FOUNDATION + FEATURES + ["backend/notifications", "core/database", "core/domain"],
    "backend/notifications": FOUNDATION + FEATURES + ENGINE + ["core/http"],
    "backend/api": FOUNDATION + FEATURES + ["backend/notifications", "core/contract", "core/formats", "core/http", "core/database", "core/domain"],
    "sandbox/demo": ["backend", "core/formats", "core/database", "core/domain"],
    "sandbox/gateway": ["core/http", "core/database", "core/domain"],
    "app/console": ["ui", "models", "client", "core"],
    "app/daemon": ["backend", "sandbox/demo", "core"],
    "app/gateway": ["sandbox/gateway", "core"],
    # Checks of the rest may reach all of it.
    "tests": ["app", "ui", "models", "client", "core", "backend", "sandbox", "benchmarks"],
    "benchmarks": ["app", "ui", "models", "client", "core", "backend", "sandbox", "tests"],
    # The floors share nothing with what they are compared with.
    "benchmarks/peers": [],
}
for place, room in enumerate(FOUNDATION):
    MAY_INCLUDE[room] = FOUNDATION[:place] + ["core/database", "core/domain"]
for place, room in enumerate(FEATURES):
    MAY_INCLUDE[room] = FOUNDATION + FEATURES[:place] + ENGINE
    # Only the adapters of a feature's providers talk to the outside.
    MAY_INCLUDE[room + "/providers"] = MAY_INCLUDE[room] + [room, "core/http"]

# These are built and run without Qt, so that sanitizers, simulation and servers need none.
WITHOUT_QT = ["core", "client/store", "client/sync", "backend", "sandbox", "app/daemon", "app/gateway"]
WITHOUT_QT += ["tests/" + room for room in WITHOUT_QT]

TOP_ROOMS = ["app", "ui", "models", "client", "core", "backend", "sandbox", "tests", "benchmarks", "resources"]


def lies_in(path, folder):
    return path == folder or path.startswith(folder + "/") or path in (folder + ".h", folder + ".cpp")


def room_of(path):
    """The room that a file lies in, or None."""
    return max((room for room in MAY_INCLUDE if lies_in(path, room)), key=len, default=None)


def may_include(path, included):
    room = room_of(path)
    return room is not None and any(lies_in(included, allowed) for allowed in [room] + MAY_INCLUDE[room])


def is_without_qt(path):
    return any(lies_in(path, room) for room in WITHOUT_QT)
