#!/usr/bin/env python3
"""How long yusuan and other readers of PDFs take on the same files, in one run.

    cargo build --release
    pip install pdfplumber camelot-py pymupdf tabula-py tablers     # what is missing is left out
    python3 benches/compare.py FOLDER [FOLDER ...] [--rounds 3] [--only NAME,NAME] [--markdown FILE] [--plot FILE.svg]

Every tool reads every file once a round, in one process where it can (pdftotext takes one file at a time). Rounds are
interleaved: all tools once, then all again, so that a machine that slows down slows all of them. Printed are
medians of CPU time (user + system, with children), wall time and the peak memory of the largest process, and each as a
multiple of yusuan's. The work is not the same, and the table says so: yusuan goes from the bytes to proved JSON
of twelve typed tables, the others stop earlier.

Only the standard library is needed to run this script; each Python tool is run in a process of its own.
"""

import argparse
import importlib.metadata
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

YUSUAN = Path(__file__).resolve().parent.parent / "target" / "release" / "yusuan"

PDFPLUMBER = """
import sys, pdfplumber
for path in sys.argv[1:]:
    with pdfplumber.open(path) as pdf:
        for page in pdf.pages:
            page.extract_tables()
            page.close()
"""

CAMELOT = """
import sys, warnings, camelot
warnings.simplefilter("ignore")
for path in sys.argv[1:]:
    try:
        camelot.read_pdf(path, pages="all", flavor="lattice", suppress_stdout=True)
    except Exception as error:
        print(path, error, file=sys.stderr)
"""

PYMUPDF = """
import sys, pymupdf
for path in sys.argv[1:]:
    for page in pymupdf.open(path):
        for table in page.find_tables().tables:
            table.extract()
"""

TABULA = """
import sys, tabula
for path in sys.argv[1:]:
    try:
        tabula.read_pdf(path, pages="all", lattice=True, silent=True)
    except Exception as error:
        print(path, error, file=sys.stderr)
"""

TABLERS = """
import sys, tablers
for path in sys.argv[1:]:
    with tablers.Document(path) as document:
        for page in document.pages():
            tablers.find_tables(page, extract_text=True)
"""


def python(module, package, code):
    """A tool that is a Python package, or None where it is not installed."""
    try:
        version = importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None
    return version, lambda files: [[sys.executable, "-c", code, *files]]


def command(name, version_flag, arguments):
    """A tool that is a command taking one file, or None where it is not there."""
    path = shutil.which(name)
    if path is None:
        return None
    told = subprocess.run([path, version_flag], capture_output=True, text=True)
    words = (told.stdout + told.stderr).splitlines()[0].split()
    return words[-1], lambda files: [[path, *arguments(file)] for file in files]


def yusuan(out):
    if not YUSUAN.exists():
        sys.exit(f"{YUSUAN} is missing: run `cargo build --release` first")
    version = subprocess.run([YUSUAN, "--version"], capture_output=True, text=True).stdout.split()[-1]
    # a new folder each time: what is there already would not be read again
    folder = lambda: tempfile.mkdtemp(dir=out)
    return version, lambda files: [[str(YUSUAN), "extract", *files, "-o", folder(), "-j1", "--quiet"]]


def tools(out):
    """Name → (what it does, version and commands)."""
    found = {
        "yusuan": ("PDF → typed, proved JSON", yusuan(out)),
        "pdftotext -bbox": ("words with boxes", command("pdftotext", "-v", lambda f: ["-bbox", f, os.devnull])),
        "PyMuPDF find_tables": ("grids of cells", python("pymupdf", "pymupdf", PYMUPDF)),
        "tablers": ("grids of cells", python("tablers", "tablers", TABLERS)),
        "pdfplumber": ("grids of cells", python("pdfplumber", "pdfplumber", PDFPLUMBER)),
        "camelot lattice": ("grids of cells", python("camelot", "camelot-py", CAMELOT)),
        "tabula lattice": ("grids of cells", python("tabula", "tabula-py", TABULA)),
    }
    for name in [name for name, (_, tool) in found.items() if tool is None]:
        print(f"{name}: not installed, left out", file=sys.stderr)
        del found[name]
    return found


def measure(commands):
    """CPU seconds, wall seconds and peak memory in MB of these commands, one after the other."""
    cpu, peak, started = 0.0, 0, time.monotonic()
    with open(os.devnull, "wb") as null:
        for words in commands:
            child = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=null, stderr=null)
            _, _, usage = os.wait4(child.pid, 0)
            child.returncode = 0
            cpu += usage.ru_utime + usage.ru_stime
            peak = max(peak, usage.ru_maxrss)
    return cpu, time.monotonic() - started, peak / 1024


def pages_of(files):
    """Number of pages, where pdfinfo is there."""
    if shutil.which("pdfinfo") is None:
        return None
    count = 0
    for file in files:
        told = subprocess.run(["pdfinfo", file], capture_output=True, text=True, errors="replace").stdout
        count += sum(int(line.split()[1]) for line in told.splitlines() if line.startswith("Pages:"))
    return count


def markdown(rows, pages, files):
    """The table of results; `rows`: name, what, version, cpu, wall, peak."""
    base = rows[0]
    text = [f"{len(files)} files, {pages or '?'} pages; medians of whole processes, `yusuan -j1`", ""]
    text += ["| tool | does | CPU s | × | wall s | × | peak MB | pages per CPU second |", "|---|---|---|---|---|---|---|---|"]
    for name, what, version, cpu, wall, peak in rows:
        rate = f"{pages / cpu:,.0f}" if pages and cpu else "?"
        ratio = lambda a, b: f"{a / b:.1f}" if b else "?"
        text.append(
            f"| {name} {version} | {what} | {cpu:.2f} | {ratio(cpu, base[3])} | {wall:.2f} | {ratio(wall, base[4])} | {peak:.0f} | {rate} |"
        )
    return "\n".join(text) + "\n"


def plot(rows, path):
    """CPU time of each tool as a bar, on a logarithmic scale, as SVG."""
    import math

    least = min(row[3] for row in rows) or 0.001
    most = max(row[3] for row in rows)
    scale = 420 / max(math.log10(most / least) + 0.5, 0.5)
    bars = []
    for i, (name, _, version, cpu, _, _) in enumerate(rows):
        y = 18 + 26 * i
        width = (math.log10(cpu / least) + 0.5) * scale
        colour = "#b5451f" if i == 0 else "#8a98a8"
        bars.append(
            f'<text x="176" y="{y + 13}" text-anchor="end">{name}</text>'
            f'<rect x="184" y="{y}" width="{width:.0f}" height="18" rx="2" fill="{colour}"/>'
            f'<text x="{190 + width:.0f}" y="{y + 13}">{cpu:.2f} s · {cpu / rows[0][3]:.1f}×</text>'
        )
    height = 30 + 26 * len(rows)
    Path(path).write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="760" height="{height}" font-family="sans-serif" font-size="12" fill="#333">'
        f'<rect width="760" height="{height}" fill="#fff"/>{"".join(bars)}</svg>\n',
        encoding="utf-8",
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="", help="names of tools, separated by commas")
    parser.add_argument("--markdown", type=Path)
    parser.add_argument("--plot", type=Path)
    args = parser.parse_args()
    files = sorted(str(f) for folder in args.folders for f in folder.rglob("*.pdf"))
    if not files:
        sys.exit("no PDF there")
    with tempfile.TemporaryDirectory() as out:
        found = tools(out)
        if args.only:
            wanted = {"yusuan", *(name.strip() for name in args.only.split(","))}
            found = {name: tool for name, tool in found.items() if name in wanted}
        taken = {name: [] for name in found}
        for number in range(args.rounds):
            for name, (_, (_, commands)) in found.items():
                taken[name].append(measure(commands(files)))
                print(f"round {number + 1}: {name}: {taken[name][-1][0]:.2f} s CPU", file=sys.stderr)
    rows = []
    for name, (what, (version, _)) in found.items():
        cpu, wall, peak = (statistics.median(values) for values in zip(*taken[name]))
        rows.append((name, what, version, cpu, wall, peak))
    text = markdown(rows, pages_of(files), files)
    print(text)
    if args.markdown:
        args.markdown.write_text(text, encoding="utf-8")
    if args.plot:
        plot(rows, args.plot)


if __name__ == "__main__":
    main()
