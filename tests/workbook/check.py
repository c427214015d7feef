#!/usr/bin/env python3
"""Opens a workbook in LibreOffice and compares every amount with the dataset's.

    tests/workbook/check.py target/release/yusuan samples

Makes a dataset and a workbook of the same paths, lets LibreOffice (headless) turn every sheet into CSV, and compares:
every amount of the twelve tables and of the columns beside them, with its printed decimals, and the failed files.
Ends with 0 where all is equal, with 1 where something differs, with 77 where LibreOffice is not installed.
"""

import csv
import pathlib
import shutil
import subprocess
import sys
import tempfile
from collections import Counter

SKIPPED = 77
# a filter's options: comma, quote, UTF-8, numbers as they are shown, one file for each sheet
CSV_FILTER = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,true,false,false,-1"
TIMEOUT = 300


def rows(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def shown(text):
    """An amount as the sheet shows it, without the commas between thousands."""
    return text.replace(",", "")


def columns():
    """Heading → id of each table's columns, from the files that the program is made of."""
    import tomllib

    out = {}
    for path in sorted(pathlib.Path(__file__).parents[2].glob("schemas/tables/*.toml")):
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        out[table["number"]] = {c["zh"] + "（万元）": c["id"] for c in table["column"]}
    return out


def key(row, table, column, amount):
    return (table, row["文件"], row["编码"], row["名称"], row["项目"], column, amount)


def main():
    soffice = shutil.which("soffice") or shutil.which("libreoffice")
    if soffice is None:
        print("skipped: LibreOffice is not installed")
        return SKIPPED
    yusuan, paths = sys.argv[1], sys.argv[2:]
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        for output in ["book.xlsx", "data"]:
            done = subprocess.run([yusuan, "dataset", *paths, "-o", work / output, "--quiet"], check=False)
            if done.returncode not in (0, 3):
                return 1
        home = f"-env:UserInstallation=file://{work}/home"
        command = [soffice, home, "--headless", "--convert-to", CSV_FILTER, "--outdir", work / "csv", work / "book.xlsx"]
        subprocess.run(command, check=True, timeout=TIMEOUT, stdout=subprocess.DEVNULL)
        sheets = {p.stem.removeprefix("book-"): rows(p) for p in (work / "csv").glob("*.csv")}
        documents = {d["doc_id"]: d["path"] for d in rows(work / "data" / "documents.csv")}
        told = Counter()
        for fact in rows(work / "data" / "facts.csv"):
            if fact["amount"]:
                where = [documents[fact["doc_id"]], fact["code"], fact["name"], fact["project"], fact["column_id"]]
                # the dataset puts an apostrophe before what a spreadsheet would run
                told[(int(fact["table_number"]), *(w.lstrip("'") for w in where), fact["amount"])] += 1
        found = Counter()
        for number, headings in columns().items():
            sheet = next(rows for name, rows in sheets.items() if name.split(" ")[0] == f"表{number}")
            for row in sheet:
                for heading, column in headings.items():
                    if row[heading]:
                        found[key(row, number, column, shown(row[heading]))] += 1
        for row in sheets["表外列"]:
            found[key(row, int(row["表"]), row["列"], shown(row["金额（万元）"]))] += 1
        failed = sum(1 for row in rows(work / "data" / "files.csv") if row["status"] == "failed")
        failed -= sum(1 for row in sheets["问题"] if row["规则"] == "failed")
    for only, what in [(told - found, "only in the dataset"), (found - told, "only in the workbook")]:
        for one in list(only)[:10]:
            print(f"{what}: {one}")
    differ = sum(((told - found) + (found - told)).values()) + abs(failed)
    print(f"{sum(told.values())} amounts of {len(documents)} documents, {len(sheets)} sheets: {differ} differ")
    return 1 if differ or not told else 0


if __name__ == "__main__":
    sys.exit(main())
