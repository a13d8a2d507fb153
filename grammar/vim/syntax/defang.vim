" Highlighting for policies of Defang and for Sieve; made by tools/make-editor-files.sh.
if exists('b:current_syntax')
  finish
endif

syntax case ignore
syntax sync minlines=200

syntax keyword defangControl break call continue define else elsif every for_each_rcpt foreverypart
syntax keyword defangControl group if include phase require return rule stop
syntax keyword defangVerdicts accept discard ereject hold quarantine reject tempfail
syntax keyword defangLogic allof anyof false not true
syntax keyword defangCommands addheader addpart addrcpt apply_scan_headers arc_seal auth_results
syntax keyword defangCommands canonicalize compress compute delay deleteheader delrcpt digest
syntax keyword defangCommands disclaimer dkim_sign drop enclose error event extracttext fileinto
syntax keyword defangCommands filter_program global html_to_text insertheader keep key limits log
syntax keyword defangCommands lookup mode mta_timeouts notify on_error on_mixed own program
syntax keyword defangCommands redirect rename replace replace_with_file replace_with_link
syntax keyword defangCommands sanitize_html save_copy scanner score set setheader setsender
syntax keyword defangCommands settings settype store strip_redundant_html strip_tracking switch
syntax keyword defangCommands table train trusted_relays warn warnings
syntax keyword defangTests address anomaly arc authenticated body currentdate date direction dkim
syntax keyword defangTests dmarc dnsbl duplicate envelope environment exists fact failed greylist
syntax keyword defangTests hashbl header ihave ip is limit_hit macro mx number part rate rdns
syntax keyword defangTests recipient recipient_known scan sender_known size spamtest spf string
syntax keyword defangTests submission tls valid_ext_list verdict_set virustest

syntax match defangNumber "\<[0-9]\+[KMG]\?\>"
syntax match defangTag ":[A-Za-z_][A-Za-z0-9_]*"
syntax match defangVariable "\${[^}"]*}" contained
syntax match defangEscape "\\." contained
syntax region defangString start=+"+ skip=+\\.+ end=+"+ contains=defangVariable,defangEscape
syntax region defangText start="\<text:\ze\s*\(#.*\)\?$" end="^\.\r\?$" contains=defangVariable
syntax match defangComment "#.*$"
syntax region defangComment start="/\*" end="\*/"

highlight default link defangControl Conditional
highlight default link defangVerdicts Exception
highlight default link defangLogic Operator
highlight default link defangCommands Statement
highlight default link defangTests Function
highlight default link defangNumber Number
highlight default link defangTag Type
highlight default link defangVariable Identifier
highlight default link defangEscape SpecialChar
highlight default link defangString String
highlight default link defangText String
highlight default link defangComment Comment

let b:current_syntax = 'defang'
