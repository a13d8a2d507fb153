#!/bin/bash
# Measures the mail reader beside GMime 3.2 (libgmime-3.0-dev), in one run, on one core: 200
# messages of tools/make-corpus.py in memory, the structure alone and with all parts decoded.
#
#   Benchmarks/reading.sh
#
# Exit status: 0 when the structure is read at 3 times GMime's speed and all parts are decoded at
# twice its speed; 1 when not; 2 when it could not be measured.
set -euo pipefail
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

pkg-config --exists gmime-3.0 || { echo "reading.sh: install libgmime-3.0-dev" >&2; exit 2; }
# The flags of pkg-config are words.
# shellcheck disable=SC2046
gcc -O2 -Wall -Wextra -o "$work/gmime" gmime/gmime.c \
  $(pkg-config --cflags --libs gmime-3.0) || exit 2
swift build -c release --product reading > "$work/build.log" 2>&1 ||
  { cat "$work/build.log" >&2; exit 2; }
python3 tools/make-corpus.py "$work/mix" --mix 200 > /dev/null

"$work/gmime" "$work/mix" > "$work/gmime.txt" || exit 2
.build/release/reading "$work/mix" > "$work/ours.txt" || exit 2
value() {
  awk -v name="$2" '{ number = $NF; sub(/ [0-9]+$/, ""); if ($0 == name) print number }' "$1"
}
status=0
for goal in "structure:3" "all decoded:2"; do
  name=${goal%:*}
  ours=$(value "$work/ours.txt" "$name")
  theirs=$(value "$work/gmime.txt" "$name")
  ratio=$(awk "BEGIN { printf \"%.2f\", $ours / $theirs }")
  printf '%-12s %6s MB/s   GMime %6s MB/s   ratio %s (goal %s)\n' \
    "$name" "$ours" "$theirs" "$ratio" "${goal#*:}"
  awk "BEGIN { exit !($ratio < ${goal#*:}) }" && status=1
done
tail -n +3 "$work/ours.txt"
exit $status
