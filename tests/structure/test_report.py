"""scripts/checks/test_report.py counts what the runners print, and lets no missing service pass as a skip."""

import pathlib
import subprocess
import sys
import tempfile
import unittest
from xml.sax.saxutils import escape

import project

REPORT = project.ROOT / "scripts/checks/test_report.py"
DOCTEST = "[doctest] test cases: 3 | {} passed | {} failed | 0 skipped\n"


def case(name, output, status="run", extra=""):
    return f'<testcase name="{name}" status="{status}">{extra}<system-out>{escape(output)}</system-out></testcase>'


def report(*cases, stages="tests\t60\tpassed\n"):
    """(exit code, all lines) of a run over these cases."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder)
        (path / "stages.tsv").write_text(stages)
        (path / "dev.xml").write_text(f"<testsuite>{''.join(cases)}</testsuite>")
        done = subprocess.run(
            [sys.executable, str(REPORT), folder], capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout.splitlines()


class Report(unittest.TestCase):
    def closing(self, *cases, **more):
        code, lines = report(*cases, **more)
        return code, lines[-1]

    def test_adds_up_the_cases_of_all_runners(self):
        qt = "PASS   : A::b()\nTotals: 4 passed, 0 failed, 0 skipped, 0 blacklisted, 1ms\n"
        python = "....\n" + "-" * 70 + "\nRan 4 tests in 0.1s\n\nOK (skipped=1)\n"
        self.assertEqual(
            self.closing(case("a", DOCTEST.format(3, 0)), case("b", qt), case("c", python), case("d", "done\n")),
            (0, "11 passed, 0 failed, 1 skipped"),
        )

    def test_a_program_that_dies_is_a_failure(self):
        self.assertEqual(self.closing(case("a", "Segmentation fault\n", "fail")), (1, "0 passed, 1 failed, 0 skipped"))
        self.assertEqual(self.closing(case("a", "", "notrun")), (1, "0 passed, 1 failed, 0 skipped"))

    def test_a_failed_case_is_a_failure(self):
        code, lines = report(case("a", DOCTEST.format(2, 1), "fail"))
        self.assertEqual((code, lines[-1]), (1, "2 passed, 1 failed, 0 skipped"))
        self.assertIn("  a (dev)", lines)

    def test_skips_are_told_by_reason(self):
        skip = "SKIPPED: no shared data\n"
        qt = "SKIP   : A::b(row 1) no shared data\nTotals: 1 passed, 0 failed, 1 skipped, 0 blacklisted, 1ms\n"
        whole = case("c", "SKIPPED WHOLE: no shared data\n", "notrun", '<skipped message="x"/>')
        code, lines = report(case("a", skip + DOCTEST.format(3, 0)), case("b", qt), whole)
        self.assertEqual((code, lines[-1]), (0, "3 passed, 0 failed, 3 skipped"))
        self.assertIn("      3  no shared data", lines)

    def test_a_missing_service_is_a_failure(self):
        for reason in ("no PostgreSQL here", "node is not installed", "no display"):
            code, line = self.closing(case("a", f"SKIPPED: {reason}\n" + DOCTEST.format(3, 0)))
            self.assertEqual((code, line), (1, "2 passed, 1 failed, 1 skipped"))

    def test_a_failed_stage_and_an_empty_run_are_failures(self):
        self.assertEqual(
            self.closing(case("a", DOCTEST.format(3, 0)), stages="format\t1\tfailed\ntests\t60\tpassed\n"),
            (1, "3 passed, 1 failed, 0 skipped"),
        )
        self.assertEqual(
            self.closing(case("a", DOCTEST.format(3, 0)), stages="format\t1\tpassed\ntests\t60\tfailed\n"),
            (1, "4 passed, 1 failed, 0 skipped"),
        )
        self.assertEqual(self.closing(stages=""), (1, "0 passed, 0 failed, 0 skipped"))


if __name__ == "__main__":
    unittest.main()
