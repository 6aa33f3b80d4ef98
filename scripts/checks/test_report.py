"""Reads what scripts/test left in a folder and prints minutes per stage, skips by reason and one closing line.

stages.tsv: name, seconds, passed|failed. PRESET.xml: CTest's JUnit report, with each program's whole output, from which
the cases of doctest, Qt Test and Python's unittest are counted; a program that tells no count is one case.
Exits 1 when anything failed, when nothing ran, or when something was skipped that this machine has to have.
"""

import collections
import pathlib
import re
import sys
import xml.etree.ElementTree as ElementTree

DOCTEST = re.compile(r"\[doctest\] test cases:\s*\d+\s*\|\s*(\d+) passed\s*\|\s*(\d+) failed")
QT_TEST = re.compile(r"^Totals: (\d+) passed, (\d+) failed, (\d+) skipped", re.M)
UNITTEST = re.compile(r"^Ran (\d+) tests? in .*\n\n(OK|FAILED)(?: \((.*)\))?", re.M)
SKIPPED_LINE = re.compile(r"^\s*SKIPPED(?: WHOLE)?: (.+)$", re.M)
QT_SKIP = re.compile(r"^SKIP\s+: [^(\n]+\((?:.*?)\) (.+)$", re.M)
NEVER_SKIPPED = re.compile(r"postgres|\bnode\b|node\.js|prism|redocly|display|xvfb", re.I)

Counts = collections.namedtuple("Counts", "passed failed skipped")


def unittest_counts(match):
    detail = dict(re.findall(r"(failures|errors|skipped|expected failures)=(\d+)", match.group(3) or ""))
    failed = int(detail.get("failures", 0)) + int(detail.get("errors", 0))
    skipped = int(detail.get("skipped", 0))
    return Counts(int(match.group(1)) - failed - skipped, failed, skipped)


def counts_of_output(output):
    """The cases that a program's output tells of."""
    total = Counts(0, 0, 0)
    for match in DOCTEST.finditer(output):
        total = Counts(total.passed + int(match.group(1)), total.failed + int(match.group(2)), total.skipped)
    for match in QT_TEST.finditer(output):
        total = Counts(*(a + int(b) for a, b in zip(total, match.groups())))
    for match in UNITTEST.finditer(output):
        total = Counts(*(a + b for a, b in zip(total, unittest_counts(match))))
    # A case that says it skips, and returns, was counted as passed by its runner.
    said = len(SKIPPED_LINE.findall(output))
    return Counts(max(0, total.passed - said), total.failed, total.skipped + said)


def read_case(case):
    """(counts, reasons for skips) of one CTest program."""
    output = case.findtext("system-out") or ""
    counts = counts_of_output(output)
    reasons = [reason.strip() for reason in SKIPPED_LINE.findall(output) + QT_SKIP.findall(output)]
    status = case.get("status")
    if status == "fail" and counts.failed == 0:
        counts = counts._replace(failed=1)
    elif status == "run" and sum(counts) == 0:
        counts = counts._replace(passed=1)
    elif status not in ("run", "fail"):
        skipped = case.find("skipped") is not None and SKIPPED_LINE.search(output)
        counts = Counts(0, 0, 1) if skipped else Counts(0, 1, 0)
    return counts, reasons


def read_stages(folder):
    path = folder / "stages.tsv"
    lines = path.read_text().splitlines() if path.exists() else []
    return [(name, int(seconds), outcome) for name, seconds, outcome in (line.split("\t") for line in lines)]


def main():
    folder = pathlib.Path(sys.argv[1])
    stages = read_stages(folder)
    total, reasons, failed_programs = Counts(0, 0, 0), collections.Counter(), []
    for report in sorted(folder.glob("*.xml")):
        for case in ElementTree.parse(report).getroot().iter("testcase"):
            counts, told = read_case(case)
            total = Counts(*(a + b for a, b in zip(total, counts)))
            reasons.update(told)
            if counts.failed:
                failed_programs.append(f"{case.get('name')} ({report.stem})")
    ran = sum(total)
    passed = total.passed
    failed = total.failed
    for name, _, outcome in stages:
        if name.startswith("tests"):
            # Its cases are counted already; a run that failed as a whole must not pass for want of a failed case.
            failed += 1 if outcome == "failed" and not failed_programs else 0
        elif outcome == "failed":
            failed += 1
        elif name in ("format", "translations"):
            passed += 1

    print("\nMinutes per stage")
    for name, seconds, outcome in stages:
        print(f"  {seconds / 60:6.1f}  {name}{'' if outcome == 'passed' else '  FAILED'}")
    print(f"  {sum(stage[1] for stage in stages) / 60:6.1f}  all")
    if failed_programs:
        print("\nFailed")
        for name in failed_programs:
            print(f"  {name}")
    if reasons:
        print("\nSkipped, by reason")
        for reason, count in reasons.most_common():
            print(f"  {count:5}  {reason}")
    forbidden = [reason for reason in reasons if NEVER_SKIPPED.search(reason)]
    for reason in forbidden:
        print(f"\nThis may not be skipped: {reason}")
    failed += len(forbidden)
    if ran == 0:
        print("\nNo test ran.")
    print(f"\n{passed} passed, {failed} failed, {total.skipped} skipped")
    return 1 if failed or ran == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
