"""The project's own files, as the structure tests read them."""

import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
NOT_OURS = {"build", "out", "node_modules", ".cache", ".git", "__pycache__"}


def files():
    """Paths from the root, sorted: what git tracks or would, or everything where there is no git."""
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True,
        check=False,
    )
    if listed.returncode == 0:
        names = listed.stdout.decode().split("\0")
    else:
        names = [str(path.relative_to(ROOT)) for path in ROOT.rglob("*")]
    return sorted(
        {name for name in names if name and NOT_OURS.isdisjoint(name.split("/")) and (ROOT / name).is_file()}
    )


def sources(*folders):
    """C++ files, all or those below these folders; what scripts/ compiles for itself is not part of Quittance."""
    return [
        name
        for name in files()
        if name.endswith((".h", ".cpp"))
        and (name.split("/")[0] in folders if folders else not name.startswith("scripts/"))
    ]


def read(name):
    return (ROOT / name).read_text(encoding="utf-8", errors="replace")
