// Seeds with the tests that ask outside, and those about session and content.

extension SeedPolicies {
  static let archives = """
    require ["defang", "extlists", "relational", "variables"];
    on_error :limit "continue" :internal "continue";
    limits :archive_entries 40;
    table :inline ["exe", "scr"] "bad";

    phase part {
      rule "inside" {
        if part :archive :matches "member" ["*.exe*", "*.scr"] { log "${1} ${member.name}"; }
        if anyof (part :archive :list "extension" "table:bad", part :archive "kind" "script") {
          score "2" "PROGRAM";
        }
        if not part :archive :all "sniffed" ["text/plain", "image/png"] { log "other"; }
        if part :archive :count "gt" "depth" "3" { log "many"; }
        if part :archive :value "gt" "size" "1000" { log "large"; }
      }
      rule "locked" { if failed part :encrypted ["mail", "archive"] { log "locked"; } }
      rule "odd" { if part :anomaly ["archive-path", "zip-overlap"] { log "odd part"; } }
    }
    phase eom {
      rule "all" {
        if anomaly :severity "high" "zip-directory-mismatch" { log "odd"; }
        if failed anomaly "archive-damaged" { log "unread"; }
        if limit_hit ["archive-entries", "archive-ratio"] { log "limit"; }
        foreverypart { if part :archive "extension" "js" { log "${part.path} ${member.name}"; } }
      }
    }
    """

  static let outside = """
    require ["defang", "extlists", "relational", "variables"];
    on_error :dns "continue" :scanner "continue" :callout "continue" :store "continue"
      :limit "continue" :internal "continue";
    limits :reading_bytes 4194304;
    scanner :clamd "unix:/run/clamd" "av";
    scanner :spamd "inet:783@127.0.0.1" "spam";
    table :inline ["lists.example"] :type "domain" "sealers";

    phase connect {
      rule "lists" {
        if dnsbl :hits 2 :code ["127.0.0.2", "127.0.0.8/29"] ["a.example", "b.example"] {
          log "${dnsbl.zone} ${dnsbl.code} ${dnsbl.text}";
        }
      }
      rule "pool" { if anyof (not rdns, rdns :dynamic, failed rdns) { score "1.5" "POOL"; } }
      rule "rate" { if rate :limit 5 :window 60 "${client.ip}" { log "often"; } }
    }
    phase mail {
      rule "sender" {
        if anyof (mx :bogus "${sender.domain}", dnsbl :domain "${sender.domain}" "dbl.example") {
          log "${spf.result} ${sender.org_domain}";
        }
        if allof (spf ["pass", "softfail"], not authenticated, submission "remote") { log "spf"; }
        if number :value "ge" "${sender.arg.SIZE}" "100" { score "0.5" "LARGE"; }
        if macro :matches "j" "*.example*" { log "${1}"; }
      }
    }
    phase rcpt {
      rule "known" { if not recipient_known "${rcpt}" { log "${callout.code} ${callout.text}"; } }
      rule "known-sender" {
        if sender_known :messages 3 :days 7 :wrote { log "${known.count} since ${known.first}"; }
      }
      rule "grey" { if greylist :delay 60 { log "wait ${greylist.wait}"; } }
      rule "local" { if recipient :localpart :contains ["b", "${sender.local}"] { log "b"; } }
    }
    phase headers {
      rule "odd" { if anyof (anomaly :severity "medium", limit_hit) { log "odd"; } }
    }
    phase part {
      rule "inside" {
        if part :trait ["macro", "html-form"] { log "inside"; }
        if failed part :encrypted "mail" { log "locked"; }
        if part :anomaly ["bad-base64", "name-conflict"] { log "odd part"; }
      }
      rule "scan" { if scan "av" { log "${scan.av.name}"; } }
    }
    phase eom {
      rule "all" {
        if scan :over "5" "spam" {
          log "${scan.spam.score} ${scan.spam.stars} ${scan.spam.symbols}";
        }
        if scan :parts "av" { log "virus"; }
        foreverypart { if scan "av" { log "${part.path} ${scan.av.result}"; } }
      }
      rule "signed" {
        if anyof (dkim "pass", dkim :domain "${from.domain}" "fail", dmarc "fail", arc "fail") {
          log "${dkim.domain} ${dmarc.policy} ${arc.result} ${from.org_domain}";
        }
        if arc :sealer "table:sealers" { log "sealed"; }
        if hashbl :hash "md5" "ebl.example" "${from.address}" { log "listed"; }
      }
      rule "whom" {
        if anyof (recipient :all "bob@example.com", score :value "ge" "1.5") { log "all"; }
        if rate :limit 5 :window 60 :count "bytes" "${sender}" { log "much"; }
      }
    }
    """
}
