#!/bin/sh
# Shows that the machine's loop holds no reference counting and no exclusivity check: disassembles
# Machine.loop as the release build has it and looks at each call in its body.
#
#   tools/check-assembly.sh [SCRATCH-PATH]      (default .build)
#
# Exit status: 0 the loop is clean, 1 it is not, 2 it could not be looked at.
set -eu
cd "$(dirname "$0")/.."
scratch=${1:-.build}
if ! log=$(swift build -c release --scratch-path "$scratch" --target RuleVM 2>&1); then
  printf '%s\n' "$log" >&2
  exit 2
fi
objects=$scratch/release/RuleVM.build
listing=$(mktemp)
trap 'rm -f "$listing"' EXIT
# The mangled name: module RuleVM, struct Machine, method loop. The optimiser clones functions
# with a suffix of their own, so each symbol that begins like this is looked at, up to the empty
# line that ends its body.
for object in "$objects"/*.o; do
  objdump -dr --no-show-raw-insn "$object" | awk '
    /^[0-9a-f]+ <\$s6RuleVM7MachineV4loop[^>]*>:$/ { inside = 1 }
    /^$/ { inside = 0 }
    inside' >> "$listing"
done
if ! grep -q 'perform' "$listing"; then
  echo "check-assembly: Machine.loop was not found, or calls nothing" >&2
  exit 2
fi
kinds='R_X86_64_(PLT32|PC32|GOTPCRELX|REX_GOTPCRELX|GOTPCREL)|R_AARCH64_(CALL26|JUMP26)'
calls=$(sed -nE "s/.*($kinds)[[:space:]]*([^-+[:space:]]*).*/\\4/p" "$listing" | sort | uniq -c)
counted='retain|release|beginAccess|endAccess|bridgeObject|allocObject|unknownObject'
bad=$(printf '%s\n' "$calls" |
  grep -E "swift_($counted|weak|unowned|once)|WO[a-z]\$" || true)
instructions=$(grep -c '^ *[0-9a-f]*:' "$listing")
if [ -n "$bad" ]; then
  echo "Machine.loop ($instructions instructions) must not call:" >&2
  printf '%s\n' "$bad" >&2
  exit 1
fi
echo "Machine.loop: $instructions instructions, no retain, release or exclusivity call; it calls"
printf '%s\n' "$calls" | grep -E '\$s|swift_' | sed 's/^/ /' || true
