#!/bin/bash
# Has each command print its completions for bash, zsh and fish: nothing of it is kept in the
# repository, so it never differs from the programs.
#
#   tools/make-completions.sh PRODUCTS DIR      PRODUCTS is where the programs were built
set -euo pipefail
products=$1 dir=$2
mkdir -p "$dir"
for command in defangd defangctl defang-rulec; do
  # It is read, not run.
  "$products/$command" --generate-completion-script bash | sed '1{/^#!/d}' >"$dir/$command.bash"
  "$products/$command" --generate-completion-script zsh >"$dir/_$command"
  "$products/$command" --generate-completion-script fish >"$dir/$command.fish"
done
