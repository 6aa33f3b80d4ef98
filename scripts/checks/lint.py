"""Runs clang-tidy and clazy over the files of a build folder's compile_commands.json: lint.py FOLDER [FILE...].

A check that found nothing is remembered under a hash of everything it read (the rules, the command, the file and every
header of ours that it includes, as the compiler lists them), so unchanged files cost nothing. A check that found
something is not remembered.
"""

import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
ROOMS = ("app", "ui", "models", "client", "core", "backend", "sandbox", "tests", "benchmarks", "translations")
HEADERS = rf"(^|/)({'|'.join(ROOMS)})/[^.]*\.h$"
# Without function-args-by-value: it asks for it in every defaulted operator<=>, where the language wants a reference;
# function-args-by-ref: clang-tidy tells which values are not moved on; returning-void-expression: our style in a
# switch; missing-qobject-macro: moc has no nested classes, and small private widgets have no signals;
# ctor-missing-parent-argument: what is owned by a unique_ptr wants no parent.
CLAZY_CHECKS = (
    "level2,no-function-args-by-value,no-function-args-by-ref,no-returning-void-expression,no-missing-qobject-macro,"
    "no-ctor-missing-parent-argument,detaching-member,isempty-vs-count,tr-non-literal,signal-with-return-value"
)
# Where a class is compiled with moc's output: that is a source, and names parameters its own way. tests/structure allows
# no other source to be included.
INCLUDES_MOC = re.compile(r'^#include "moc_\w+\.cpp"', re.M)
TIDY_OFF_BESIDE_MOC = "--checks=-bugprone-suspicious-include,-readability-inconsistent-declaration-parameter-name"
CHECK_SECONDS_MAX = 900
FINDING = re.compile(r"^(/[^:\n]+|[^:\s]+\.(?:h|cpp)):(\d+):(\d+): (?:warning|error): (.*)$", re.M)
LAUNCHERS = {"ccache", "sccache"}


def cache_folder():
    chosen = os.environ.get("QUITTANCE_LINT_CACHE")
    if chosen:
        return pathlib.Path(chosen)
    home = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return pathlib.Path(home) / "quittance-lint"


class Source:
    """A file to check, with the command that compiles it."""

    def __init__(self, entry, folder):
        self.path = pathlib.Path(entry["file"])
        self.name = str(self.path.relative_to(ROOT))
        self.directory = entry["directory"]
        self.folder = folder
        words = shlex.split(entry["command"])
        self.command = words[1:] if os.path.basename(words[0]) in LAUNCHERS else words

    def uses_qt(self):
        return any("/qt6" in word for word in self.command)

    def dependencies(self):
        """The file and the headers of ours that it includes; [] when it does not compile."""
        words, skip = [], False
        for word in self.command:
            if skip or word in ("-c", "-o"):
                skip = word == "-o"
                continue
            words.append(word)
        listed = subprocess.run([*words, "-MM"], cwd=self.directory, capture_output=True, text=True, check=False)
        if listed.returncode != 0:
            return []
        names = shlex.split(listed.stdout.replace("\\\n", " "))[1:]
        return sorted(name for name in names if pathlib.Path(name).is_relative_to(ROOT))

    def plain_command(self):
        return " ".join(self.command).replace(str(self.folder), "BUILD").replace(str(ROOT), "ROOT")


class Cache:
    """Hashes of clean checks. Per file and tool: the headers it read last time, and the hash over their contents."""

    def __init__(self, folder):
        self.folder = folder
        self.folder.mkdir(parents=True, exist_ok=True)
        self.contents = {}

    def content(self, path):
        if path not in self.contents:
            try:
                self.contents[path] = hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()
            except OSError:
                self.contents[path] = "absent"
        return self.contents[path]

    def hash_of(self, tool, source, dependencies):
        whole = hashlib.sha256(f"{tool.identity(source)}\n{source.plain_command()}\n".encode())
        for path in dependencies:
            whole.update(f"{os.path.relpath(path, ROOT)} {self.content(path)}\n".encode())
        return whole.hexdigest()

    def entry(self, tool, source):
        name = hashlib.sha256(f"{tool.name} {source.name}".encode()).hexdigest()
        return self.folder / name[:2] / name

    def is_clean(self, tool, source):
        try:
            known = json.loads(self.entry(tool, source).read_text())
        except (OSError, ValueError):
            return False
        paths = [str(ROOT / name) for name in known["reads"]]
        return self.hash_of(tool, source, paths) == known["hash"]

    def remember(self, tool, source, dependencies):
        if not dependencies:
            return
        path = self.entry(tool, source)
        path.parent.mkdir(exist_ok=True)
        names = [os.path.relpath(name, ROOT) for name in dependencies]
        text = json.dumps({"hash": self.hash_of(tool, source, dependencies), "reads": names})
        # Two runs may write at once: each its own file, then one of them wins whole.
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.write_text(text)
        draft.replace(path)


class ClangTidy:
    name = "clang-tidy"

    def __init__(self, folder):
        self.folder = folder
        self.version = version_of(self.name)
        self.plugin = folder / "own_code_only.so"

    def identity(self, source):
        rules = [ROOT / parent / ".clang-tidy" for parent in pathlib.Path(source.name).parents]
        return self.version + "".join(path.read_text() for path in rules if path.exists()) + self.off(source)

    def applies(self, _source):
        return True

    def command(self, source):
        words = [self.name, "-p", str(self.folder), "--quiet", "--use-color=false", f"--load={self.plugin}"]
        return [*words, *self.off(source).split(), str(source.path)]

    @staticmethod
    def off(source):
        return TIDY_OFF_BESIDE_MOC if INCLUDES_MOC.search(source.path.read_text()) else ""


class Clazy:
    name = "clazy-standalone"

    def __init__(self, folder):
        self.folder = folder
        self.version = version_of(self.name)
        # Its own search for the compiler's headers starts beside its own program, where they are not.
        resources = subprocess.run(
            ["clang++", "-print-resource-dir"], capture_output=True, text=True, check=True
        ).stdout.strip()
        self.resources = f"-extra-arg=-resource-dir={resources}"

    def identity(self, _source):
        return self.version + CLAZY_CHECKS

    def applies(self, source):
        return source.uses_qt()

    def command(self, source):
        return [
            self.name, "-p", str(self.folder), f"-checks={CLAZY_CHECKS}", f"-header-filter={HEADERS}",
            self.resources, "-extra-arg=-Wno-unknown-warning-option", str(source.path),
        ]  # fmt: skip


def version_of(program):
    return subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout


def sources_of(folder, wanted):
    entries = json.loads((folder / "compile_commands.json").read_text())
    found = {}
    for entry in entries:
        path = pathlib.Path(entry["file"])
        if path.is_relative_to(ROOT) and path.relative_to(ROOT).parts[0] in ROOMS:
            source = Source(entry, folder)
            if not wanted or any(source.name == name or source.name.startswith(name.rstrip("/") + "/") for name in wanted):
                found.setdefault(source.name, source)
    return [found[name] for name in sorted(found)]


def check(tool, source, cache):
    """(seconds, text of findings); no text where there are none."""
    begin = time.monotonic()
    try:
        done = subprocess.run(
            tool.command(source), cwd=ROOT, capture_output=True, text=True, check=False, timeout=CHECK_SECONDS_MAX
        )
    except subprocess.TimeoutExpired:
        return time.monotonic() - begin, f"{tool.name} did not end within {CHECK_SECONDS_MAX} s on {source.name}"
    text = done.stdout + "\n".join(line for line in done.stderr.splitlines() if FINDING.match(line) or "error" in line)
    text = text.strip()
    # Notes and counts of suppressed warnings alone are no finding; a tool that failed without a word is one.
    if FINDING.search(done.stdout + done.stderr) is None and done.returncode == 0:
        cache.remember(tool, source, source.dependencies())
        return time.monotonic() - begin, ""
    return time.monotonic() - begin, text or f"{tool.name} ended with {done.returncode} on {source.name}: {done.stderr}"


def blocks_of(text):
    """A tool's output as one block a finding, each with its notes."""
    starts = [match.start() for match in FINDING.finditer(text)]
    if not starts:
        return [text]
    return [text[start:end].strip() for start, end in zip(starts, starts[1:] + [len(text)])]


def main():
    folder = pathlib.Path(sys.argv[1]).resolve()
    sources = sources_of(folder, [os.path.relpath(name, ROOT) for name in sys.argv[2:]])
    if not sources:
        print("lint: no file of the project to check")
        return 1
    cache = Cache(cache_folder())
    tools = [ClangTidy(folder), Clazy(folder)]
    work = [(tool, source) for tool in tools for source in sources if tool.applies(source)]
    due = [(tool, source) for tool, source in work if not cache.is_clean(tool, source)]
    print(f"lint: {len(work)} checks of {len(sources)} files, {len(work) - len(due)} known to be clean", flush=True)

    findings, times, begin = {}, [], time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(int(os.environ.get("QUITTANCE_LINT_JOBS") or os.cpu_count())) as pool:
        running = {pool.submit(check, tool, source, cache): (tool, source) for tool, source in due}
        for number, future in enumerate(concurrent.futures.as_completed(running), 1):
            tool, source = running[future]
            seconds, text = future.result()
            times.append((seconds, tool.name, source.name))
            # A header's finding is told by every file that includes it; one of them is enough.
            fresh = [block for block in blocks_of(text) if block and block.splitlines()[0] not in findings]
            for block in fresh:
                findings[block.splitlines()[0]] = tool.name
                print(block.replace(f"{ROOT}/", ""), flush=True)
            if number % 20 == 0:
                print(f"lint: {number} of {len(due)} after {(time.monotonic() - begin) / 60:.1f} minutes", flush=True)
    for seconds, tool, name in sorted(times, reverse=True)[:5]:
        if seconds > 20:
            print(f"lint: {seconds:.0f} s for {tool} on {name}")
    minutes = (time.monotonic() - begin) / 60
    print(f"lint: {len(findings)} findings in {minutes:.1f} minutes")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
