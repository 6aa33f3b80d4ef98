"""Shows benchmark results as Markdown tables: bench_report.py [--write FILE] RESULT.json...

A result file holds an array of objects (or {"results": [...]}); the columns are their keys in order of appearance. With
--write the tables also replace what stands in FILE between `<!-- bench:begin -->` and `<!-- bench:end -->`.
"""

import datetime
import json
import os
import pathlib
import platform
import subprocess
import sys

BEGIN, END = "<!-- bench:begin -->", "<!-- bench:end -->"


def cell(value):
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, float):
        return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def table(results):
    columns = list(dict.fromkeys(key for row in results for key in row))
    numeric = {key for key in columns if all(is_number(row[key]) for row in results if row.get(key) is not None)}
    lines = ["| " + " | ".join(columns) + " |"]
    lines.append("| " + " | ".join("---:" if key in numeric else "---" for key in columns) + " |")
    for row in results:
        lines.append("| " + " | ".join(cell(row[key]) if key in row else "" for key in columns) + " |")
    return "\n".join(lines)


def machine():
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    day = datetime.datetime.now(datetime.timezone.utc).date()
    return f"{day}, commit {commit.stdout.strip() or 'unknown'}, {os.cpu_count()} cores, {platform.machine()}"


def write(path, text):
    page = path.read_text() if path.exists() else f"# Performance\n\n{BEGIN}\n{END}\n"
    if BEGIN not in page or END not in page:
        raise SystemExit(f"{path}: the marks {BEGIN} and {END} are missing")
    before, rest = page.split(BEGIN, 1)
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"{before}{BEGIN}\n{text}\n{END}{rest.split(END, 1)[1]}")


def main():
    arguments = sys.argv[1:]
    target = None
    if arguments[0] == "--write":
        target, arguments = pathlib.Path(arguments[1]), arguments[2:]
    parts = [f"Measured {machine()}."]
    for name in map(pathlib.Path, arguments):
        results = json.loads(name.read_text())
        parts.append(f"### {name.stem}\n\n{table(results['results'] if isinstance(results, dict) else results)}")
    text = "\n\n".join(parts)
    print(text)
    if target:
        write(target, text)


if __name__ == "__main__":
    main()
