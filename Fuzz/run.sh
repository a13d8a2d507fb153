#!/bin/sh
# Runs one coverage-guided fuzzer (libFuzzer with AddressSanitizer) at the lowest priority.
#
#   Fuzz/run.sh TARGET SECONDS [OPTION-OF-LIBFUZZER ...]
#   TARGET: fuzz-compiler, fuzz-fmt, fuzz-image, fuzz-mail, fuzz-archive, fuzz-document,
#     fuzz-embedded, fuzz-sanitize, fuzz-edits
#
# What it learns stays in $FUZZ_SCRATCH (default Fuzz/.build-fuzz), so a second run goes on there;
# bytes that crash it are kept in artifacts/TARGET, and belong into Fuzz/Crashes as text.
# Exit status: that of libFuzzer, 0 when nothing was found.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
package=${FUZZ_PACKAGE:-$here}
scratch=${FUZZ_SCRATCH:-$here/.build-fuzz}
target=${1:?target} seconds=${2:?seconds}
shift 2

# gold, the linker of choice of SwiftPM, dies of the sanitizer's sections.
nice -n 19 swift build --package-path "$package" --scratch-path "$scratch" -c release \
  --product "$target" -Xswiftc -sanitize=fuzzer,address -Xswiftc -use-ld=lld -Xswiftc -g
program=$scratch/release/$target

# Seeds are what the repository has: policies for what reads policies, odd mail for what reads mail.
seeds=$scratch/seeds/$target corpus=$scratch/corpus/$target artifacts=$scratch/artifacts/$target
rm -rf "$seeds"
mkdir -p "$seeds" "$corpus" "$artifacts"
# Swift's own handler would print the crash before libFuzzer sees it.
export SWIFT_BACKTRACE=enable=no
export ASAN_OPTIONS=detect_leaks=0
case $target in
  fuzz-sanitize)
    find "$here/../Tests/OddMail" -name '*.eml' -exec "$program" --seeds "$seeds" {} +
    split -l 1 -a 4 "$here"/../Tests/ContentEditsTests/Pages/evasions.txt "$seeds/line-" ;;
  fuzz-mail | fuzz-edits | fuzz-archive | fuzz-document | fuzz-embedded)
    find "$here/../Tests/OddMail" -name '*.eml' -exec "$program" --seeds "$seeds" {} + ;;
  *) "$program" --seeds "$seeds" "$here"/../rules/* "$here"/../Tests/RuleCompilerTests/Right/* \
    "$here"/../Tests/RuleCompilerTests/Wrong/* "$here"/../Tests/RuleCompilerTests/Format/*.rules ;;
esac
exec nice -n 19 "$program" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=3000 \
  -max_len=16384 -print_final_stats=1 -artifact_prefix="$artifacts/" "$@" "$corpus" "$seeds"
