#!/usr/bin/env python3
"""Makes the pictures of the README: a run of ./pm demo --kill consumer, and bars of docs/benchmarks.md.

    docs/pictures/make.py          writes demo-kill.svg and benchmarks.svg beside this file

The first is what a run printed just now; the second has the figures of the latest table of docs/benchmarks.md, the median of the
first placement of each candidate. Needs only Python and what ./pm needs.
"""

import pathlib
import re
import subprocess
from xml.sax.saxutils import escape

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent

# suite, case, title, candidates; less is better unless the unit is a rate
CHARTS = [
    ("spawn", "true-sequential", "start /bin/true and wait for its exit",
     ["ours", "processbuilder", "nuprocess", "zt-exec", "commons-exec"]),
    ("pump", "cat-100", "100 processes echo 6 MB each",
     ["ours", "processbuilder", "nuprocess", "zt-exec"]),
    ("exit-latency", "non-child", "notice the exit of a process that is no child",
     ["ours", "process-handle"]),
    ("mutex", "uncontended", "acquire and release a mutex",
     ["ours", "reentrant-lock", "file-lock", "c-robust-mutex"]),
    ("ring", "one-to-one-64-single", "messages of 64 bytes from process to process",
     ["ours", "agrona-one-to-one", "aeron-ipc", "chronicle-queue", "unix-socket"]),
]
MONO = "font-family='ui-monospace, SFMono-Regular, Menlo, Consolas, monospace'"


def terminal(lines):
    """Returns a terminal screen with these lines."""
    width = max(map(len, lines)) * 8.4 + 32
    height = len(lines) * 19 + 28
    rows = "".join(
        f"<text x='16' y='{28 + 19 * i}' xml:space='preserve' fill='{'#9fd8a0' if line.startswith('$') else '#e6e6e6'}'>"
        f"{escape(line)}</text>\n" for i, line in enumerate(lines))
    return (f"<svg xmlns='http://www.w3.org/2000/svg' width='{width:.0f}' height='{height}' {MONO} font-size='14'>\n"
            f"<rect width='100%' height='100%' rx='8' fill='#1c1f24'/>\n{rows}</svg>\n")


def latest():
    """Returns the medians of the latest table: (suite, case) -> (unit, [(candidate, median)])."""
    text = (ROOT / "docs/benchmarks.md").read_text().split("<!-- latest -->")[-1]
    table, suite, key = {}, None, None
    for line in text.splitlines():
        if line.startswith("### "):
            suite = line[4:].split(":")[0]
        cells = [cell.strip() for cell in line.split("|")[1:-1]]
        if suite is None or len(cells) < 4 or cells[0].startswith(("case", "---")):
            continue
        case = re.match(r"`(.*)`, (.*)", cells[0])
        if case:
            key = (suite, case[1])
            table[key] = (case[2], [])
        name = re.sub(r"\*\*| \(.*\)", "", cells[1])
        if cells[3] != "-" and name not in [seen for seen, _ in table[key][1]]:
            table[key][1].append((name, float(cells[3].replace(" ", ""))))
    return table


def bars(table):
    """Returns the charts: a bar for each candidate, the longest of a chart as long as the others' longest."""
    y, rows = 10, []
    for suite, case, title, candidates in CHARTS:
        unit, medians = table[(suite, case)]
        shown = [(name, value) for name, value in medians if name in candidates]
        longest = max(value for _, value in shown)
        better = "more" if "/s" in unit else "less"
        y += 24
        rows.append(f"<text x='12' y='{y}' font-weight='bold'>{escape(title)}</text>"
                    f"<text x='748' y='{y}' text-anchor='end' fill='#777'>{escape(unit)}, {better} is better</text>\n")
        for name, value in shown:
            y += 21
            length = max(1, 430 * value / longest)
            rows.append(f"<text x='160' y='{y}' text-anchor='end'>{escape(name)}</text>"
                        f"<rect x='170' y='{y - 12}' width='{length:.0f}' height='15' "
                        f"fill='{'#2f6fb5' if name == 'ours' else '#b9bec6'}'/>"
                        f"<text x='{178 + length:.0f}' y='{y}'>{value:,g}</text>\n")
        y += 10
    return (f"<svg xmlns='http://www.w3.org/2000/svg' width='760' height='{y + 8}' font-family='sans-serif' font-size='13'>\n"
            f"<rect width='100%' height='100%' fill='#ffffff'/>\n{''.join(rows)}</svg>\n")


def main():
    command = ["./pm", "demo", "--kill", "consumer"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    lines = ["$ " + " ".join(command)] + (run.stdout + run.stderr).rstrip().splitlines()
    (HERE / "demo-kill.svg").write_text(terminal(lines))
    (HERE / "benchmarks.svg").write_text(bars(latest()))


if __name__ == "__main__":
    main()
