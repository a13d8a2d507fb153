// Policies that look as if one rule took another's mail, and do not. A false warning here teaches
// people to look away, so each of these must stay silent.

import Testing

@testable import RuleCompiler

struct FlowRightTests {
  static let cases: [FlowCase] = [
    // The later one is wider, or beside.
    FlowCase(
      "wider list", "headers",
      """
      rule "a" { if header :is "Subject" "x" { stop; } }
      rule "b" { if header :is "Subject" ["x", "y"] { stop; } }
      """),
    FlowCase(
      "wider network", "connect",
      """
      rule "a" { if ip "client" "192.0.2.0/25" { stop; } }
      rule "b" { if ip "client" "192.0.2.0/24" { stop; } }
      """),
    FlowCase(
      "other side", "connect",
      """
      rule "a" { if ip "client" "192.0.2.0/24" { stop; } }
      rule "b" { if ip "server" "192.0.2.1" { stop; } }
      """),
    FlowCase(
      "longer substring first", "headers",
      """
      rule "a" { if header :contains "Subject" "viagra pills" { stop; } }
      rule "b" { if header :contains "Subject" "viagra" { stop; } }
      """),
    FlowCase(
      "other field", "headers",
      """
      rule "a" { if header :contains "Subject" "x" { stop; } }
      rule "b" { if header :contains "Comments" "x" { stop; } }
      """),
    FlowCase(
      "one more field", "headers",
      """
      rule "a" { if header :contains "Subject" "x" { stop; } }
      rule "b" { if header :contains ["Subject", "Comments"] "x" { stop; } }
      """),
    FlowCase(
      "case matters in the first", "headers",
      """
      rule "a" { if header :comparator "i;octet" :is "Subject" "Hello" { stop; } }
      rule "b" { if header :is "Subject" "hello" { stop; } }
      """),
    FlowCase(
      "both by octet, other case", "headers",
      """
      rule "a" { if header :comparator "i;octet" "Subject" "Hello" { stop; } }
      rule "b" { if header :comparator "i;octet" "Subject" "hello" { stop; } }
      """),
    FlowCase(
      "domain is not its subdomain", "mail",
      """
      rule "a" { if envelope :domain :is "from" "example.com" { stop; } }
      rule "b" { if envelope :domain :is "from" "mail.example.com" { stop; } }
      """),
    FlowCase(
      "no domain ends so", nil,
      """
      table :inline ["example.com"] :type "domain" "ours";
      phase mail {
        rule "a" { if envelope :domain :list "from" "table:ours" { stop; } }
        rule "b" { if envelope :domain :is "from" "badexample.com" { stop; } }
      }
      """),
    FlowCase(
      "local part of another domain", "mail",
      """
      rule "a" { if envelope :is "from" "ann@example.com" { stop; } }
      rule "b" { if envelope :localpart :is "from" "ann" { stop; } }
      """),
    FlowCase(
      "wildcard in the middle", "headers",
      """
      rule "a" { if header :matches "Subject" "a*b" { stop; } }
      rule "b" { if header :matches "Subject" "a*" { stop; } }
      rule "c" { if header :matches "Subject" "*b" { stop; } }
      """),
    FlowCase(
      "one character is not any text", "headers",
      """
      rule "a" { if header :matches "Subject" "?" { stop; } }
      rule "b" { if header :matches "Subject" "*" { stop; } }
      """),
    FlowCase(
      "an escaped star is a star", "headers",
      """
      rule "a" { if header :matches "Subject" "\\\\*" { stop; } }
      rule "b" { if header :is "Subject" "x" { stop; } }
      """),
    // The first does not decide.
    FlowCase(
      "it only scores", "headers",
      """
      rule "a" { if header :contains "Subject" "x" { score "1" "X"; } }
      rule "b" { if header :contains "Subject" "xy" { stop; } }
      """),
    FlowCase(
      "one of its branches goes on", "headers",
      """
      rule "a" { if exists "X" { if exists "Y" { stop; } log "x"; } }
      rule "b" { if exists "X" { stop; } }
      """),
    FlowCase(
      "continue leaves its rule only", "headers",
      """
      rule "a" { if exists "X" { continue; } log "no x"; }
      rule "b" { if exists "X" { stop; } }
      """),
    FlowCase(
      "left before the verdict", "headers",
      """
      rule "a" { if not exists "X" { continue; } log "x"; stop; }
      rule "b" { log "no x"; }
      """),
    FlowCase(
      "left inside of a branch", "headers",
      """
      rule "a" { if exists "X" { if exists "Y" { continue; } stop; } }
      rule "b" { if exists "X" { log "x and y"; } }
      """),
    FlowCase(
      "left by a definition", nil,
      """
      define "leave" { if exists "Y" { continue; } }
      phase headers {
        rule "a" { call "leave"; stop; }
        rule "b" { log "y"; }
      }
      """),
    FlowCase(
      "an error leaves the rule", nil,
      """
      on_error :dns "continue";
      phase connect {
        rule "a" { if dnsbl "a.example.org" { log "listed"; } reject "no"; }
        rule "b" { log "no answer"; }
      }
      """),
    FlowCase(
      "an error leaves the chain", nil,
      """
      on_error :dns "continue";
      phase connect {
        rule "a" {
          if dnsbl "a.example.org" { reject "listed"; }
          elsif ip "client" "192.0.2.1" { reject "no"; }
        }
        rule "b" { if ip "client" "192.0.2.1" { reject "no answer"; } }
      }
      """),
    FlowCase(
      "another phase", nil,
      """
      phase headers { rule "a" { if exists "X" { log "x"; } } }
      phase eom { rule "b" { if exists "X" { stop; } } }
      """),
    FlowCase(
      "another condition too", "headers",
      """
      rule "a" { if allof (exists "X", header :contains "Subject" "x") { stop; } }
      rule "b" { if header :contains "Subject" "xy" { stop; } }
      rule "c" { if exists "X" { stop; } }
      """),
    FlowCase(
      "another group", "headers",
      """
      group exists "X" { rule "a" { if exists "Y" { stop; } } }
      group not exists "X" { rule "b" { if exists "Y" { stop; } } }
      rule "c" { if exists "Y" { log "y"; } }
      """),
    // What the test sees has changed.
    FlowCase(
      "the header was changed", "eom",
      """
      rule "a" { if header :contains "Subject" "x" { stop; } }
      rule "b" { setheader "Subject" "y"; }
      rule "c" { if header :contains "Subject" "x" { stop; } }
      """),
    FlowCase(
      "the header was changed in a branch", "eom",
      """
      rule "a" {
        if exists "X" { log "x"; } else { addheader "X" "1"; }
        if exists "X" { stop; }
      }
      rule "b" { if not exists "X" { addheader "X" "1"; } }
      rule "c" { if exists "X" { stop; } }
      """),
    FlowCase(
      "changed inside of the branch", "eom",
      """
      rule "a" { if exists "X" { deleteheader "X"; if exists "X" { log "another"; } } }
      """),
    FlowCase(
      "changed by a definition", nil,
      """
      define "strip" { deleteheader "X"; }
      phase eom {
        rule "a" { if exists "X" { call "strip"; if exists "X" { log "another"; } } }
      }
      """),
    FlowCase(
      "the variable was set", "mail",
      """
      rule "a" { set "x" "1"; if string "${x}" "1" { set "x" "${sender}"; } }
      rule "b" { if string "${x}" "1" { stop; } }
      """),
    FlowCase(
      "the score has grown", "eom",
      """
      rule "a" { if score :over "5" { stop; } score "3" "A"; }
      rule "b" { if score :over "5" { stop; } }
      """),
    // Several values.
    FlowCase(
      "two fields of one name", "headers",
      """
      rule "a" {
        if allof (header :is "Received" "a", header :is "Received" "b") { stop; }
      }
      """),
    FlowCase(
      "two addresses", "headers",
      """
      rule "a" {
        if allof (address :domain "To" "a.example", address :domain "To" "b.example") { stop; }
      }
      """),
    FlowCase(
      "two names of a part", "part",
      """
      rule "a" { if allof (part :is "extension" "pdf", part :is "extension" "exe") { drop; } }
      """),
    FlowCase(
      "two recipients", "data",
      """
      rule "a" {
        if allof (envelope :is "to" "a@example.com", envelope :is "to" "b@example.com") { stop; }
      }
      """),
    FlowCase(
      "not one, yet another", "headers",
      """
      rule "a" { if allof (exists "X", not header :is "X" "a") { stop; } }
      rule "b" { if allof (header :is "X" "a", not header :is "X" "b") { stop; } }
      """),
    // Numbers that leave room.
    FlowCase(
      "between two sizes", "message",
      """
      rule "a" { if allof (size :over 1M, size :under 5M) { log "middle"; } }
      rule "b" { if anyof (size :over 5M, size :under 5M) { log "not exactly"; } }
      rule "c" { if not anyof (size :over 5M, size :under 5M) { log "exactly"; } }
      """),
    FlowCase(
      "larger first", "message",
      """
      rule "a" { if size :over 50M { reject "too big"; } }
      rule "b" { if size :over 10M { log "big"; } }
      """),
    FlowCase(
      "parts of one range", "eom",
      """
      rule "a" {
        if score :over "10" { reject "no"; }
        elsif score :over "5" { addheader "X-Spam" "yes"; }
        elsif score :over "0" { addheader "X-Spam" "maybe"; }
        else { addheader "X-Spam" "no"; }
      }
      """),
    // Allow before refuse, refuse before allow: the usual shapes.
    FlowCase(
      "special before general", "connect",
      """
      rule "a" { if ip "client" "192.0.2.7" { accept; } }
      rule "b" { if ip "client" "192.0.2.0/24" { reject "no"; } }
      rule "c" { if not ip "client" ["10.0.0.0/8", "192.0.2.0/24"] { log "far"; } }
      """),
    FlowCase(
      "default at the end", "mail",
      """
      rule "a" { if envelope :domain "from" "example.com" { accept; } }
      rule "b" { if envelope "from" "" { accept; } }
      rule "c" { reject "nobody else"; }
      """),
    FlowCase(
      "guard first", "mail",
      """
      rule "a" { if not fact "auth.user" { continue; } if fact "tls.version" { accept; } }
      rule "b" { if fact "tls.version" { log "encrypted"; } }
      """),
    FlowCase(
      "same question, other answer", nil,
      """
      phase connect { rule "a" { if ip "client" "192.0.2.1" { set :session "near" "1"; } } }
      phase mail {
        rule "b" { if string "${near}" "1" { accept; } }
        rule "c" { if string "${near}" "" { log "far"; } }
      }
      """),
    FlowCase(
      "table and what is not in it", nil,
      """
      table :inline ["exe", "scr"] "bad";
      phase part {
        rule "a" { if part :list "extension" "table:bad" { drop; } }
        rule "b" { if part :is "extension" ["exe", "pif"] { drop; } }
      }
      """),
    FlowCase(
      "all candidates are not any", "part",
      """
      rule "a" { if part :all :is "extension" "exe" { stop; } }
      rule "b" { if part :is "extension" "exe" { stop; } }
      """),
    FlowCase(
      "header keys built from mail", "headers",
      """
      rule "a" { if header :contains "Subject" "${sender.local}" { stop; } }
      rule "b" { if header :contains "Subject" "x${sender.local}" { stop; } }
      rule "c" { if header :is "Subject" "${sender.local}" { stop; } }
      """),
    FlowCase(
      "captures of two matches", "headers",
      """
      rule "a" { if header :matches "Subject" "[*]*" { log "${1}"; } }
      rule "b" { if header :matches "Subject" "[*]*" { addheader "X-List" "${1}"; } }
      """),
    // Variables.
    FlowCase(
      "set, read, set", "mail",
      """
      rule "a" { set "x" "1"; log "${x}"; set "x" "2"; log "${x}"; }
      rule "b" { set "y" "1"; if fact "auth.user" { set "y" "2"; } log "${y}"; }
      rule "c" { set "z" "a"; set "z" "${z}b"; log "${z}"; }
      """),
    FlowCase(
      "set in one branch, read behind", "mail",
      """
      rule "a" { if fact "auth.user" { set "x" "1"; } }
      rule "b" { log "${x}"; }
      """),
    FlowCase(
      "two scopes that never meet", nil,
      """
      phase connect { rule "a" { set "x" "1"; log "${x}"; } }
      phase data { rule "b" { set :message "x" "2"; log "${x}"; } }
      """),
    FlowCase(
      "read in a definition", nil,
      """
      define "show" { log "${x}"; }
      phase mail { rule "a" { set "x" "1"; call "show"; set "x" "2"; call "show"; } }
      """),
    FlowCase(
      "kept for the next message", nil,
      """
      phase mail {
        rule "a" { if string "${last}" "${sender}" { log "again"; } }
        rule "b" { set :session "last" "${sender}"; }
      }
      """),
  ]

  @Test(arguments: cases)
  func staysSilent(_ flow: FlowCase) {
    #expect(Compiled(flow.policy).codes == [])
  }

  @Test func thereAreMany() {
    #expect(Self.cases.count >= 40)
  }
}
