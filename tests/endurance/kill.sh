#!/usr/bin/env bash
# Kills a batch at random moments, runs the same command again each time, and compares the outcome byte for byte with
# that of an undisturbed run.
#
#   tests/endurance/kill.sh [YUSUAN] [FILES] [KILLS] [SOURCE]
#
# Needs bash and coreutils. FILES inputs are made from the PDFs of SOURCE, each with its own last line, so that no two
# have the same content. Not part of `cargo test`: it takes minutes and depends on the clock.
set -euo pipefail
YUSUAN=$(realpath "${1:-target/release/yusuan}"); FILES=${2:-300}; KILLS=${3:-20}; SOURCE=$(realpath "${4:-samples}")
WORK=$(mktemp -d); trap 'rm -rf "$WORK"' EXIT; cd "$WORK"
mkdir in
mapfile -t PDFS < <(find "$SOURCE" -name '*.pdf' | sort)
for ((i = 0; i < FILES; i++)); do
    pdf=${PDFS[$((i % ${#PDFS[@]}))]}
    mkdir -p "in/$((i % 7))"
    { cat "$pdf"; echo "% $i"; } > "in/$((i % 7))/$i.pdf"
done
extract() { "$YUSUAN" extract in -o "$1" --format dataset -q --no-progress; }

begin=$(date +%s%N); extract undisturbed || true; took=$(( ($(date +%s%N) - begin) / 1000000 ))
echo "undisturbed: $FILES files in $took ms"
killed=0
for ((n = 1; n <= KILLS; n++)); do
    # each run does a part of what is left, the last ones only the tables: moments over the whole of the work
    moment=$(( (RANDOM * 32768 + RANDOM) % (took * 24 / (KILLS * 10) + 100) ))
    "$YUSUAN" extract in -o disturbed --format dataset -q --no-progress & pid=$!
    sleep "$(printf '%d.%03d' $((moment / 1000)) $((moment % 1000)))"
    if kill -9 $pid 2>/dev/null; then killed=$((killed + 1)); fi
    wait $pid 2>/dev/null || true
    echo "$n: after $moment ms, $(grep -c . disturbed/documents/manifest.jsonl 2>/dev/null || true) lines in the manifest"
done
extract disturbed || true
echo "killed while running: $killed of $KILLS"
diff -r undisturbed disturbed && echo "identical: $(find disturbed -type f | wc -l) files"
