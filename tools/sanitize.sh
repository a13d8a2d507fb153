#!/bin/bash
# The daemon under a sanitizer of the toolchain, at work: the end-to-end tests, a minute of load and
# one of the protocol fuzzer, on both engines.
#
#   tools/sanitize.sh thread|address [tests] [load] [fuzz]     all if none is named; as root
#
# Ends with 1 when the sanitizer reported something, which a test does not see when a worker lives
# on, or when a part failed. Only the daemon is built so (FOLDER, by default .build/thread or
# .build/address); what it starts and what tests it must be there: swift build --build-tests.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
swift=${SWIFT:-swift}
seconds=${SECONDS_EACH:-60}
kind=${1:-}
shift || true
parts=${*:-tests load fuzz}

# What a report ends with: the exit status of the process, apart from those of the daemon.
common=exitcode=99
case $kind in
  thread) name=TSAN_OPTIONS flags="$common history_size=4" ;;
  # What Swift holds by a pointer with bits of its own in it would count as lost.
  address) name=ASAN_OPTIONS flags="$common detect_leaks=${LEAKS:-0}" ;;
  *) sed -n '2,9s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 64 ;;
esac

folder=${FOLDER:-$here/.build/$kind}
products=$(cd "$here" && "$swift" build --show-bin-path)
[ -x "$products/defangPackageTests.xctest" ] ||
  { echo "sanitize: no tests in $products: swift build --build-tests" >&2; exit 69; }

cd "$here"
"$swift" build --sanitize="$kind" --scratch-path "$folder" --product defangd >"$folder.log" 2>&1 ||
  { tail -n 40 "$folder.log" >&2; exit 1; }
program=$folder/debug/defangd
said=$(env "$name=help=1" "$program" --version 2>&1)
[[ $said = *'Available flags for'* ]] ||
  { echo "sanitize: $program has no sanitizer in it" >&2; exit 1; }
# It looks for the others beside itself.
for other in defang-rulec defang-unpack; do ln -sfn "$products/$other" "$folder/debug/$other"; done

# Reports, also of a worker that has given up its rights.
work=$(mktemp -d /tmp/defang-sanitize.XXXXXX)
chmod 711 "$work"
install -d -m 1777 "$work/reports"
mkdir "$work/bin"
preload=
if [ "$kind" = thread ]; then
  compiler=$(dirname "$(readlink -f "$(command -v "$swift")")")/clang
  "$compiler" -shared -fPIC -O1 -o "$work/mutex.so" tools/tsan-mutex.c
  preload="export LD_PRELOAD=$work/mutex.so\${LD_PRELOAD:+:\$LD_PRELOAD}"
fi
# The settings are for the daemon and its workers, not for all that the tests start.
cat >"$work/bin/defangd" <<END
#!/bin/bash
export SWIFT_BACKTRACE=enable=no
export $name="$flags log_path=$work/reports/report \${DEFANG_FLAGS:-}"
$preload
exec "$program" "\$@"
END
chmod 755 "$work/bin/defangd"
for other in defang-rulec defangctl; do ln -s "$products/$other" "$work/bin/$other"; done

failed=
part() { # NAME COMMAND...
  local log="$work/$1.log"
  echo "sanitize: $kind: $1"
  shift
  DEFANG_DAEMON=$work/bin/defangd "$@" >"$log" 2>&1 && return
  # How fast and how large it is says nothing here.
  awk '/^missed: / { any = 1; if (!/: (memory,|p99 )/) bad = 1 } END { exit !any || bad }' \
    "$log" && return
  failed+=" ${log##*/}"
  # Of tests what failed, of the others the end.
  grep -E '✘|recorded an issue' "$log" || tail -n 20 "$log"
}

for one in $parts; do
  case $one in
    # They end workers by SIGSEGV, which is to be seen as such. The package has its own daemon.
    tests) DEFANG_FLAGS=handle_segv=0 part tests "$products/defangPackageTests.xctest" \
      --testing-library swift-testing --filter "${FILTER:-EndToEndTests}" --skip PackageTests ;;
    load) for engine in nio libmilter; do
        part "load-$engine" python3 Benchmarks/endurance.py --bin "$work/bin" --engine "$engine" \
          --compiler "$products/defang-rulec" \
          --minutes "$(awk "BEGIN { print $seconds / 60 }")" --quiet 8 load
      done ;;
    fuzz) for engine in nio libmilter; do
        part "fuzz-$engine" "$products/fuzz-protocol" --engine "$engine" --seconds "$seconds" \
          --seed 7
      done ;;
    *) echo "sanitize: no part '$one'" >&2; exit 64 ;;
  esac
done

shopt -s nullglob
reports=("$work"/reports/*)
echo "sanitize: $kind: ${#reports[@]} processes with reports; failed:${failed:- none}; see $work"
{ grep -hE '^SUMMARY: ' "${reports[@]}" </dev/null || true; } | sort | uniq -c | sort -rn
[ "${#reports[@]}" -eq 0 ] && [ -z "$failed" ]
