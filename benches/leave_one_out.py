#!/usr/bin/env python3
"""leave_one_out.py WITHOUT SCORE FOLDER… [--pool FOLDER…]   How far does the program know things by their meaning?

WITHOUT is the example `without` (cargo build --profile fast --example without), SCORE a script that compares a folder of
truth with a folder of output, FOLDERs hold NAME.pdf and NAME.truth.json. A publisher is the first word of a file's name;
the PDFs of a pool belong to further publishers that are not measured. For each publisher in turn its layout file and every word that only it uses are taken away, and its documents are read. Then
all documents are read without any title, and with the numbers of labels exchanged."""
import os, shutil, subprocess, sys, tempfile

LAYOUTS = {"shanghai": ["shanghai", "shanghai-final"], "jiangsu": ["jiangsu"], "gansu": ["shanghai-final"]}


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def main():
    without, score, folders = sys.argv[1], sys.argv[2], sys.argv[3:]
    pool = []
    if "--pool" in folders:
        at = folders.index("--pool")
        folders, pool = folders[:at], folders[at + 1:]
    files = [os.path.join(f, n) for f in folders for n in sorted(os.listdir(f)) if n.endswith(".pdf")]
    files = [f for f in files if os.path.exists(f[:-4] + ".truth.json")]
    by = {}
    for f in files:
        by.setdefault(os.path.basename(f).split("-")[0], []).append(f)
    with tempfile.TemporaryDirectory() as work:
        def gather(name, paths):
            folder = os.path.join(work, name)
            os.makedirs(folder)
            for p in paths:
                for end in (".pdf", ".truth.json"):
                    shutil.copy(p[:-4] + end, folder)
            return folder

        homes = {p: gather(p, paths) for p, paths in by.items()}
        words = {p: set(run(without, "--words", home).split()) for p, home in homes.items()}
        further = set().union(*(run(without, "--words", folder).split() for folder in pool))

        def measure(label, home, *options):
            out = tempfile.mkdtemp(dir=work)
            run(without, home, out, *options)
            lines = run(sys.executable, score, home, out, "--worst=0").splitlines()
            overall = [l for l in lines if l.startswith("OVERALL")][0]
            print(f"{label:<28}{overall[8:].strip()}", flush=True)

        for p, home in sorted(homes.items()):
            others = further.union(*(w for q, w in words.items() if q != p))
            own = sorted(words[p] - others)
            options = [o for w in own for o in ("--word", w)]
            options += [o for l in LAYOUTS.get(p, []) for o in ("--layout", l)]
            print(f"{p}: {len(by[p])} documents, without {len(own)} words: {' '.join(own)}")
            measure(f"  {p}", home, *options)
        everything = gather("all documents", files)
        measure("all, as they are", everything)
        measure("all, no titles", everything, "--no-titles")
        measure("all, numbers exchanged", everything, "--shuffle")
        measure("all, neither", everything, "--no-titles", "--shuffle")


main()
