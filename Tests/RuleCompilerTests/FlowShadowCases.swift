// Rules, groups and branches of which an earlier one takes all the mail.

extension FlowWrongTests {
  static let shadows: [FlowCase] = [
    FlowCase(
      "F005", "headers",
      """
      rule "a" { if header :is "Subject" ["x", "y"] { stop; } }
      rule «"b"» { if header :is "subject" "Y" { stop; } }
      """),
    FlowCase(
      "F005", "headers",
      """
      rule "a" { if header :contains "Subject" "ab" { reject "no"; } }
      rule «"b"» { if header :contains "Subject" "xabc" { log "x"; } }
      """),
    FlowCase(
      "F005", "headers",
      """
      rule "a" { if header :contains "Subject" "ab" { reject "no"; } }
      rule «"b"» { if header :is "Subject" "Cabbage" { log "x"; } }
      """),
    FlowCase(
      "F005", "headers",
      """
      rule "a" { if header :contains "Subject" "ab" { reject "no"; } }
      rule «"b"» { if header :matches "Subject" "c*abba*" { log "x"; } }
      """),
    FlowCase(
      "F005", "headers",
      """
      rule "a" { if header :matches "Subject" "ab*" { reject "no"; } }
      rule «"b"» { if header :matches "Subject" "abc*d" { log "x"; } }
      """),
    FlowCase(
      "F005", "headers",
      """
      rule "a" { if header :matches "Subject" "*sale" { reject "no"; } }
      rule «"b"» { if header :is "Subject" "Summer Sale" { log "x"; } }
      """),
    FlowCase(
      "F005", "headers",
      """
      rule "a" { if header :matches "Subject" "[*] ?" { reject "no"; } }
      rule «"b"» { if header :is "Subject" "[list] x" { log "x"; } }
      """),
    FlowCase(
      "F005", "headers",
      """
      rule "a" { if exists "X-Bulk" { discard; } }
      rule «"b"» { if header :contains "X-Bulk" "yes" { log "x"; } }
      """),
    FlowCase(
      "F005", "headers",
      """
      rule "a" { if header :contains ["Subject", "Comments"] "x" { discard; } }
      rule «"b"» { if header :contains "Comments" "xy" { log "x"; } }
      """),
    FlowCase(
      "F005", "headers",
      """
      rule "a" { if header :is "Subject" "hello" { stop; } }
      rule «"b"» { if header :comparator "i;octet" :is "Subject" "Hello" { log "x"; } }
      """),
    FlowCase(
      "F005", "connect",
      """
      rule "a" { if ip "client" "10.0.0.0/8" { accept; } }
      rule «"b"» { if ip "client" ["10.1.0.0/16", "10.2.3.4"] { reject "no"; } }
      """),
    FlowCase(
      "F005", "connect",
      """
      rule "a" { if ip "client" ["10.0.0.0/8", "2001:db8::/32"] { accept; } }
      rule «"b"» { if ip "client" ["2001:db8:1::/48", "::ffff:10.2.3.4"] { reject "no"; } }
      """),
    FlowCase(
      "F005", "connect",
      """
      rule "a" { if ip "client" "10.0.0.0/8" { accept; } }
      rule "b" { if ip "client" "192.0.2.0/24" { accept; } }
      rule «"c"» { if ip "client" ["192.0.2.7", "10.0.0.1"] { reject "no"; } }
      """),
    FlowCase(
      "F005", nil,
      """
      table :inline ["10.0.0.0/8", "192.0.2.0/24"] :type "cidr" "near";
      phase connect {
        rule "a" { if ip "client" "table:near" { accept; } }
        rule «"b"» { if ip "client" "10.2.3.0/24" { reject "no"; } }
      }
      """),
    FlowCase(
      "F005", nil,
      """
      table :inline ["10.2.0.0/16", "10.3.0.0/16"] :type "cidr" "near";
      phase connect {
        rule "a" { if ip "client" "10.0.0.0/8" { accept; } }
        rule «"b"» { if ip "client" "table:near" { reject "no"; } }
      }
      """),
    FlowCase(
      "F005", "mail",
      """
      rule "a" { if envelope :domain "from" "example.com" { stop; } }
      rule «"b"» { if envelope :is "from" "Ann@Example.COM" { reject "no"; } }
      """),
    FlowCase(
      "F005", "mail",
      """
      rule "a" { if envelope :localpart "from" ["root", "ann"] { stop; } }
      rule «"b"» { if envelope "from" "ann@example.com" { reject "no"; } }
      """),
    FlowCase(
      "F005", "mail",
      """
      rule "a" { if envelope :domain "from" "example.com" { stop; } }
      rule «"b"» { if envelope :matches "from" "*@example.com" { reject "no"; } }
      """),
    FlowCase(
      "F005", nil,
      """
      table :inline ["example.com", "example.org"] :type "domain" "ours";
      phase mail {
        rule "a" { if envelope :domain :list "from" "table:ours" { stop; } }
        rule «"b"» { if envelope :domain "from" "mail.example.org" { reject "no"; } }
      }
      """),
    FlowCase(
      "F005", nil,
      """
      table :inline ["example.com", "example.org"] :type "domain" "ours";
      table :inline ["mail.example.com"] :type "domain" "few";
      phase mail {
        rule "a" { if envelope :domain :list "from" "table:ours" { stop; } }
        rule «"b"» { if envelope :domain :list "from" "table:few" { reject "no"; } }
      }
      """),
    FlowCase(
      "F005", nil,
      """
      table :inline ["exe", "scr", "com"] "bad";
      phase part {
        rule "a" { if part :list "extension" "table:bad" { drop; stop; } }
        rule «"b"» { if part :is "extension" ["exe", "com"] { log "x"; } }
      }
      """),
    FlowCase(
      "F005", "part",
      """
      rule "a" { if part :is "kind" ["executable", "script"] { drop; accept; } }
      rule «"b"» { if allof (part :is "kind" "script", part :over "size" 1K) { log "x"; } }
      """),
    FlowCase(
      "F005", "message",
      """
      rule "a" { if size :over 10M { reject "too big"; } }
      rule «"b"» { if size :over 50M { log "huge"; } }
      """),
    FlowCase(
      "F005", "eom",
      """
      rule "a" { if not score :under "5" { reject "spam"; } }
      rule «"b"» { if score :over "5" { addheader "X-Spam" "yes"; } }
      """),
    FlowCase(
      "F005", "eom",
      """
      rule "a" { if anyof (exists "A", exists "B", size :over 1M) { reject "no"; } }
      rule «"b"» { if anyof (size :over 2M, header :contains "B" "x") { log "x"; } }
      """),
    FlowCase(
      "F005", "headers",
      """
      rule "a" { if allof (exists "A", header :contains "B" "x") { reject "no"; } }
      rule «"b"» { if allof (header :contains "B" "xy", exists ["A", "C"]) { log "x"; } }
      """),
    FlowCase(
      "F005", "headers",
      """
      rule "a" { if not exists "A" { reject "no"; } }
      rule «"b"» { if allof (not exists "A", exists "B") { log "x"; } }
      """),
    FlowCase(
      "F005", "headers",
      """
      rule "a" { if not header :contains "A" "x" { reject "no"; } }
      rule "b" { if not header :contains "A" "xy" { log "x without y"; } }
      rule «"c"» { if not exists "A" { stop; } }
      """),
    FlowCase(
      "F005", "connect",
      """
      rule "a" { if not ip "client" "10.0.0.0/8" { reject "no"; } }
      rule «"b"» { if ip "client" "192.0.2.1" { log "x"; } }
      """),
    FlowCase(
      "F005", nil,
      """
      define "bulk" anyof (exists "List-Id", exists "List-Post");
      phase headers {
        rule "a" { if is "bulk" { stop; } }
        rule «"b"» { if header :contains "List-Id" "x" { log "x"; } }
      }
      """),
    FlowCase(
      "F005", nil,
      """
      define "no" { log "refused"; reject "no"; }
      phase headers {
        rule "a" { if exists "List-Id" { call "no"; } }
        rule «"b"» { if exists ["List-Id", "X"] { log "x"; } }
      }
      """),
    FlowCase(
      "F005", "headers",
      """
      rule "a" { if exists "A" { if exists "B" { reject "no"; } else { accept; } } }
      rule «"b"» { if exists "A" { log "x"; } }
      """),
    FlowCase(
      "F005", "headers",
      """
      rule "a" { if exists "A" { if exists "B" { reject "no"; } log "only a"; } }
      rule «"b"» { if allof (exists "B", exists "A") { log "x"; } }
      """),
    FlowCase(
      "F005", "headers",
      """
      rule "a" { if exists "A" { continue; } reject "no"; }
      rule «"b"» { if not exists "A" { log "x"; } }
      """),
    FlowCase(
      "F005", "headers",
      """
      rule "a" { stop; }
      rule «"b"» { log "x"; }
      rule "c" { log "y"; }
      group exists "A" { rule "d" { log "z"; } }
      """),
    FlowCase(
      "F005", "headers",
      """
      group exists "A" {
        rule "a" { accept; }
        rule «"b"» { log "x"; }
        rule "c" { log "y"; }
      }
      rule "d" { if exists "B" { log "z"; } }
      """),
    FlowCase(
      "F005", "headers",
      """
      rule "a" { if exists "A" { accept; } }
      group «exists ["A", "B"]» { rule "b" { log "x"; } rule "c" { log "y"; } }
      """),
    FlowCase(
      "F005", nil,
      """
      group not fact "auth.user" {
        phase mail {
          rule "a" { if fact "sender.arg.SIZE" { reject "no"; } }
          rule «"b"» { if fact "sender.arg.size" { log "x"; } }
        }
      }
      """),
    FlowCase(
      "F005", "mail",
      """
      rule "a" { if string :is "${helo}" ["a", "b"] { reject "no"; } }
      rule «"b"» { if string :is "${HELO}" "B" { log "x"; } }
      """),
    FlowCase(
      "F005", "mail",
      """
      rule "a" { if fact "auth.user" { accept; } }
      rule «"b"» { if string :contains "${auth.user}" "ann" { log "x"; } }
      """),
    FlowCase(
      "F005", "mail",
      """
      rule "a" { set "x" "${sender}"; if string :matches "${x}" "a*" { stop; } }
      rule «"b"» { if string :is "${x}" "ann@example.com" { log "x"; } }
      """),
    FlowCase(
      "F005", nil,
      """
      on_error :dns "continue";
      phase connect {
        rule "a" { if dnsbl ["a.example", "b.example"] { reject "no"; } }
        rule «"b"» { if allof (dnsbl ["a.example", "b.example"], fact "client.ptr") { log "x"; } }
      }
      """),
    // Branches.
    FlowCase(
      "F005", "headers",
      """
      rule "a" { if exists "A" { log "1"; } elsif «header :contains "A" "x"» { log "2"; } }
      """),
    FlowCase(
      "F005", "eom",
      """
      rule "a" {
        if score :over "1" { log "1"; } elsif «score :over "5"» { log "5"; } else { log "0"; }
      }
      """),
    FlowCase(
      "F005", "connect",
      """
      rule "a" {
        if ip "client" "10.0.0.0/8" { log "1"; }
        elsif ip "client" "192.0.2.0/24" { log "2"; }
        elsif «ip "client" ["10.1.1.1", "192.0.2.9"]» { log "3"; }
      }
      """),
    FlowCase(
      "F005", "headers",
      """
      rule "a" {
        if exists "A" { reject "no"; }
        log "x";
        if «exists ["A", "B"]» { log "y"; }
      }
      """),
    FlowCase(
      "F005", "headers",
      """
      rule "a" { if exists "A" { continue; } if «header :is "A" "x"» { log "y"; } }
      """),
    FlowCase(
      "F005", "headers",
      """
      rule "a" { if exists "A" { reject "no"; } }
      rule "b" { if «exists "A"» { log "x"; } elsif exists "B" { log "y"; } }
      """),
  ]
}
