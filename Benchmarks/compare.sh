#!/bin/bash
# Measures the daemon beside a filter that does nothing, in one run: the no-op filter on libmilter
# (noop/noop.c) and defangd with policies/names-and-types.rules, each under milter-load with four
# kept connections, on one plain message, on a mix of 200 messages, and on one with 40 parts.
#
#   Benchmarks/compare.sh [ROUNDS]      (default 3; the least CPU of them counts)
#
# It prints messages a second, CPU seconds of the filter's processes for 1,000 messages (from
# /proc/PID/stat), the 99th percentile of a whole message in milliseconds, and resident memory; then
# the ratio of the CPU. Set FILTERS to leave some out: FILTERS="noop defangd defangd-libmilter".
#
# Exit status: 0 measured, and CPU on the mix at most LIMIT (default 4) times the no-op's; 1 more;
# 2 it could not be measured.
set -euo pipefail
cd "$(dirname "$0")"
rounds=${1:-3}
limit=${LIMIT:-4}
filters=${FILTERS:-noop defangd defangd-libmilter}
scratch=${SCRATCH:-../.build}
work=$(mktemp -d)
pid=
cleanup() {
  [ -z "$pid" ] || kill "$pid" 2> /dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT
say() { printf '%s\n' "$*" >&2; }

say "building"
gcc -O2 -Wall -Wextra -pthread -o "$work/milter-load" tools/milter-load.c || exit 2
gcc -O2 -Wall -Wextra -o "$work/noop" noop/noop.c -lmilter -pthread || exit 2
for product in defangd defang-rulec; do
  (cd .. && swift build -c release --static-swift-stdlib --scratch-path "${scratch#../}" \
    --product "$product") > "$work/build.log" 2>&1 || { cat "$work/build.log" >&2; exit 2; }
done
bin=$scratch/release
python3 tools/make-corpus.py "$work/mix" --mix 200 > /dev/null
python3 tools/make-corpus.py "$work/one" > /dev/null
"$bin/defang-rulec" -o "$work/policy.drc" policies/names-and-types.rules || exit 2

declare -A corpus=([plain]="--eml $work/one/plain.eml" [mix]="--dir $work/mix"
  [parts]="--eml $work/one/parts.eml")
declare -A messages=([plain]=40000 [mix]=20000 [parts]=10000)
ticks=$(getconf CLK_TCK)

# CPU ticks of a process, user and system, its ended threads included.
cpu() { sed 's/.*) //' "/proc/$1/stat" | awk '{ print $12 + $13 }'; }
# Resident kilobytes.
resident() { awk '/^VmRSS/ { print $2 }' "/proc/$1/status"; }

start() {
  local socket=$work/$1.sock
  # The no-op leaves its socket behind; that one would look ready.
  rm -f "$socket"
  case $1 in
    noop) "$work/noop" "unix:$socket" & ;;
    defangd) "$bin/defangd" --user root --rules "$work/policy.drc" --socket "unix:$socket" \
      > "$work/$1.log" 2>&1 & ;;
    defangd-libmilter) "$bin/defangd" --user root --rules "$work/policy.drc" \
      --socket "unix:$socket" --front-end libmilter > "$work/$1.log" 2>&1 & ;;
  esac
  pid=$!
  for _ in $(seq 100); do
    [ -S "$socket" ] && sleep 0.1 && return
    sleep 0.05
  done
  say "$1 does not start"
  [ ! -f "$work/$1.log" ] || cat "$work/$1.log" >&2
  exit 2
}

stop() {
  kill "$pid"
  wait "$pid" 2> /dev/null || true
  pid=
}

# One measurement: filter, corpus. Prints msgs/s, CPU s per 1,000, p99 ms.
measure() {
  local before after
  before=$(cpu "$pid")
  # shellcheck disable=SC2086
  "$work/milter-load" --socket "unix:$work/$1.sock" --connections 4 --keep \
    --messages "${messages[$2]}" ${corpus[$2]} --json > "$work/report.json" || return 1
  after=$(cpu "$pid")
  python3 - "$work/report.json" $((after - before)) "$ticks" "${messages[$2]}" <<'PYTHON'
import json, sys
report = json.load(open(sys.argv[1]))
used = int(sys.argv[2]) / int(sys.argv[3]) / int(sys.argv[4]) * 1000
print(report["msgs_per_s"], round(used, 4), round(report["message_ms"]["p99"], 2))
PYTHON
}

declare -A least rate p99 memory
for ((round = 1; round <= rounds; round++)); do
  for filter in $filters; do
    start "$filter"
    for kind in plain mix parts; do
      # Not counted: the first connections, caches, libmagic's database.
      "$work/milter-load" --socket "unix:$work/$filter.sock" --connections 4 --keep \
        --messages 400 ${corpus[$kind]} > /dev/null || exit 2
      result=$(measure "$filter" "$kind") || { say "$filter fails on $kind"; exit 2; }
      read -r msgs used tail <<< "$result"
      key=$filter-$kind
      if [ -z "${least[$key]:-}" ] || awk "BEGIN { exit !($used < ${least[$key]}) }"; then
        least[$key]=$used rate[$key]=$msgs p99[$key]=$tail
      fi
    done
    memory[$filter]=$(resident "$pid")
    stop
    say "round $round: $filter"
  done
done

printf '\n%-26s %10s %18s %10s %8s\n' "filter, messages" "msgs/s" "CPU s per 1,000" "p99 ms" "ratio"
for kind in plain mix parts; do
  for filter in $filters; do
    key=$filter-$kind
    ratio=-
    [ -z "${least[noop-$kind]:-}" ] ||
      ratio=$(awk "BEGIN { printf \"%.2f\", ${least[$key]} / ${least[noop-$kind]} }")
    printf '%-26s %10.0f %18s %10s %8s\n' "$filter, $kind" "${rate[$key]}" "${least[$key]}" \
      "${p99[$key]}" "$ratio"
  done
done
printf '\nresident memory after the run:'
for filter in $filters; do printf ' %s %d KB' "$filter" "${memory[$filter]}"; done
printf '\n'
if [ -n "${least[noop-mix]:-}" ] && [ -n "${least[defangd-mix]:-}" ]; then
  awk "BEGIN { exit !(${least[defangd-mix]} <= $limit * ${least[noop-mix]}) }" || {
    say "more than $limit times the CPU of the no-op filter on the mix"
    exit 1
  }
fi
