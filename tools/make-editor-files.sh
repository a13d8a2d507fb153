#!/bin/sh
# Writes grammar/vim/syntax/defang.vim and grammar/vscode/syntaxes/defang.tmLanguage.json anew, from
# the names that the parser knows. The run that writes them fails on purpose; the one behind it
# reads them again.
set -u
cd "$(dirname "$0")/.." || exit 1
DEFANG_RECORD=1 swift test --disable-xctest --filter EditorGrammarTests >/dev/null 2>&1
exec swift test --disable-xctest --filter EditorGrammarTests
