"""The rounds of scripts/soak; see there. Which programs take part is read from the programs themselves: those that know
RapidCheck's RC_PARAMS or our own QUITTANCE_SOAK, with long counts; one that is built with sanitizers runs so. And those
that use threads, with their usual counts under ThreadSanitizer.
"""

import argparse
import datetime
import json
import os
import pathlib
import re
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = ROOT / "out/soak"
STATE = FOLDER / "state.json"
REPORT = ROOT / "docs/reliability.md"
PROGRAM_SECONDS_MAX = 2 * 3600
USUAL_CASES = 100
THREADED = (
    "tst_database", "tst_http", "tst_http_server", "tst_backend_jobs", "tst_backend_api", "tst_backend_usage",
    "tst_client_sync",
)  # fmt: skip


def has_long_counts(path):
    text = path.read_bytes()
    return b"RC_PARAMS" in text or b"QUITTANCE_SOAK" in text


def programs(preset, is_wanted=has_long_counts):
    """{test name: command line} of the preset's tests whose program is wanted."""
    listed = subprocess.run(
        ["ctest", "--test-dir", f"build/{preset}", "--show-only=json-v1"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = {}
    for test in json.loads(listed.stdout)["tests"]:
        path = pathlib.Path(test.get("command", [""])[0])
        if path.is_relative_to(ROOT / "build") and path.is_file() and is_wanted(path):
            found[test["name"]] = test["command"]
    return found


def plan(names):
    """(test name, preset, command), the sanitizer's build before the other."""
    chosen = {}
    for preset in ("dev-asan", "dev"):
        for name, command in programs(preset).items():
            if not names or any(part in name for part in names):
                chosen.setdefault(name, (preset, command))
    for name, command in programs("dev-tsan", lambda path: path.name in THREADED).items():
        if not names or any(part in name for part in names):
            chosen[f"{name}, threads"] = ("dev-tsan", command)
    return [(name, *chosen[name]) for name in sorted(chosen)]


def load():
    if STATE.exists():
        return json.loads(STATE.read_text())
    return {"round": 1, "done": [], "programs": {}, "failures": []}


def save(state):
    FOLDER.mkdir(parents=True, exist_ok=True)
    draft = STATE.with_suffix(".draft")
    draft.write_text(json.dumps(state, indent=1))
    draft.replace(STATE)


def commit():
    told = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False)
    return told.stdout.strip() or "unknown"


def cases_of(output):
    """Generated cases that passed, as RapidCheck says them ("OK, passed 1000 tests")."""
    return sum(int(number) for number in re.findall(r"OK, passed (\d+) tests", output))


def run(name, command, seed, cases):
    """(passed, seconds, generated cases, output)."""
    environment = {
        **os.environ,
        **({"QUITTANCE_SOAK": "1"} if cases > USUAL_CASES else {}),
        "RC_PARAMS": f"seed={seed} max_success={cases} verbose_progress=0",
    }
    begin = time.monotonic()
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=environment, text=True, errors="replace", check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=PROGRAM_SECONDS_MAX,
        )  # fmt: skip
        passed, output = done.returncode == 0, done.stdout
    except subprocess.TimeoutExpired as late:
        output = late.stdout or b""
        output = output.decode(errors="replace") if isinstance(output, bytes) else output
        passed, output = False, output + f"\n{name} did not end within {PROGRAM_SECONDS_MAX} s\n"
    return passed, time.monotonic() - begin, cases_of(output), output


def note(state, name, preset, seed, outcome):
    passed, seconds, cases, output = outcome
    sums = state["programs"].setdefault(name, {"preset": preset, "runs": 0, "failed": 0, "seconds": 0, "cases": 0})
    sums["runs"] += 1
    sums["failed"] += 0 if passed else 1
    sums["seconds"] += seconds
    sums["cases"] += cases
    state["done"].append(name)
    if not passed:
        log = FOLDER / f"{name}-{seed}.log"
        log.write_text(output)
        state["failures"].append({"program": name, "preset": preset, "seed": seed, "commit": commit()})
    save(state)


def report(state):
    rows = sorted(state["programs"].items())
    hours = sum(sums["seconds"] for _, sums in rows) / 3600
    lines = [
        "# Reliability",
        "",
        "What `scripts/soak` has run so far: the property tests with long counts, in rounds with seeds of their own.",
        f"Last written {datetime.datetime.now(datetime.timezone.utc).date()} at commit {commit()}, in round"
        f" {state['round']}, after {hours:.1f} hours of running.",
        "",
        "| program | build | runs | failed | hours | generated cases |",
        "| --- | --- | ---: | ---: | ---: | ---: |",
    ]
    for name, sums in rows:
        lines.append(
            f"| {name} | {sums['preset']} | {sums['runs']} | {sums['failed']} |"
            f" {sums['seconds'] / 3600:.2f} | {sums['cases']:,} |"
        )
    lines += ["", "## Failures", ""]
    lines += [
        f"- {failure['program']} ({failure['preset']}), seed {failure['seed']}, commit {failure['commit']}"
        for failure in state["failures"]
    ] or ["None."]
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text("\n".join(lines) + "\n")


def main():
    parser = argparse.ArgumentParser(prog="scripts/soak")
    parser.add_argument("--hours", type=float, default=8)
    parser.add_argument("--cases", type=int, default=20_000, help="generated cases of each property in a run")
    parser.add_argument("names", nargs="*")
    wanted = parser.parse_args()

    todo = plan(wanted.names)
    if not todo:
        print("soak: no property test to run")
        return 1
    state, end, failed = load(), time.monotonic() + wanted.hours * 3600, 0
    while time.monotonic() < end:
        left = [step for step in todo if step[0] not in state["done"]]
        if not left:
            state["round"], state["done"] = state["round"] + 1, []
            save(state)
            continue
        name, preset, command = left[0]
        seed = state["round"] * 1_000_003
        outcome = run(name, command, seed, USUAL_CASES if preset == "dev-tsan" else wanted.cases)
        note(state, name, preset, seed, outcome)
        failed += 0 if outcome[0] else 1
        print(
            f"round {state['round']}: {name} ({preset}) {'passed' if outcome[0] else 'FAILED'} in {outcome[1]:.0f} s",
            flush=True,
        )
        report(state)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
