" Policies and their tests. Others use the ending .rules too: a policy has a phase, or says what it
" requires.
autocmd BufNewFile,BufRead *.rulestest,*.svtest setfiletype defang
autocmd BufNewFile,BufRead *.rules
      \ if search('\c^\s*\(require\|phase\)\>', 'nw') > 0 | set filetype=defang | endif
