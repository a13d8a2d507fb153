// Seeds with every way of comparing texts: match types, comparators, patterns of each cost class,
// keys that are known and keys that are built, modifiers.

enum SeedMatches {
  static let policy = """
    require ["defang", "envelope", "extlists", "variables", "regex", "relational",
      "comparator-i;ascii-numeric", "comparator-i;unicode-casemap"];
    on_error :limit "continue";
    table :inline ["example.net", "example.org"] :type "domain" "partners";
    table :inline ["@example.net", "bob@"] :type "address" "people";

    phase mail {
      rule "early" { deleteheader :regex "X-Mailer" "^h[a-z]{1,8}$"; }
      rule "later" { deleteheader :matches ["X-Mailer"] ["*${sender.local}*", "h?nd"]; }
    }
    phase rcpt {
      rule "people" { if envelope :list "to" ["table:people", "table:partners"] { log "known"; } }
    }
    phase headers {
      rule "patterns" {
        if header :regex "Subject" ["lunch", "^\\\\[([a-z]+)\\\\] (.*)$", "caf(.)"] {
          addheader "X-Seen" "${0} ${1} ${2}";
        }
        if header :regex ["Subject", "To"] "[a-z]+@[a-z]+\\\\.(com|net)" { log "${1}"; }
        if header :regex :backtrack 300 ["Subject", "Message-ID"] "(\\\\w+).*\\\\1" { log "${1}"; }
        if header :regex :backtrack 200 "X-Mailer" "(a+)+$" { log "never"; }
      }
      rule "relations" {
        if anyof (
          header :count "ge" ["Subject", "To"] "2",
          header :value "gt" :comparator "i;ascii-numeric" "Subject" ["7", "9"],
          header :value "lt" "Message-ID" "m"
        ) { score "1" "RELATIONS"; }
      }
      rule "unicode" {
        if header :matches :comparator "i;unicode-casemap" "Subject" ["*CAFÉ*", "*É"] {
          log "${1}";
        }
        if header :contains :comparator "i;unicode-casemap" "From" ["ÄRGER", "${sender}"] {
          log "u";
        }
        if string :value "le" :comparator "i;unicode-casemap" "${subject}" "${sender}" { log "v"; }
      }
      rule "built" {
        set :lower :quotewildcard "name" "${from.display}";
        set :upperfirst :length "long" "${name}${subject}";
        set :message :encodeurl "url" "${subject}";
        if header :matches "Subject" ["*${name}*", "${url}*"] { log "${long} ${1}"; }
        if header :is ["Subject", "To"] ["${subject}", "${url}"] { log "same"; }
      }
    }
    phase part {
      rule "names" {
        if part :regex "name" ["\\\\.(exe|js)$", "[0-9]+[a-z]*$"] { log "${1}"; }
        if part :all :matches :comparator "i;unicode-casemap" "extension" "?*" { log "${1}"; }
      }
    }
    """

  static let script = """
    require ["variables", "regex", "editheader", "ihave"];
    set :quoteregex "q" "${0}x";
    if header :matches "Subject" "*[*]*" { set "p" "${2}"; }
    if header :regex "Subject" ["${p}", "(${p}|l)+$"] { addheader "X-P" "${1}"; }
    if header :regex "Subject" "([a-z]+)+$" { addheader "X-Q" "${q}"; }
    if not ihave "regex" { error "${p}"; }
    """
}
