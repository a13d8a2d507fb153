// The policies that mutation starts from: between them they have every instruction and section.
internal import RuleBytecode

enum SeedPolicies {
  static let sources = [
    envelope, content, declared, sieve, asked, small, decisions, script, SeedMatches.policy,
    SeedMatches.script, outside, archives,
  ]

  private static let envelope = """
    require ["defang", "envelope", "extlists", "variables"];
    on_error :dns "continue";
    table :inline ["10.0.0.0/8", "192.0.2.0/24", "2001:db8::/32"] :type "cidr" "near";
    table :inline ["example.net", "example.org"] :type "domain" "partners";
    table :inline ["trap@example.com", "@spam.example", "abuse@"] :type "address" "traps";
    define "listed" dnsbl :timeout 3 ["zen.example.org", "bl.example.net"];
    define "near" ip "client" ["table:near", "127.0.0.1"];
    define "mark" { set :session "marked" "yes ${client.ip}"; log :level "info" "marked"; }

    phase connect {
      rule "near" { if is "near" { set :session "near" "1"; call "mark"; } }
      rule "blocked" { if allof (not is "near", anyof (is "listed", false)) { score "4.0" "RBL"; } }
      rule "refused" {
        if dnsbl :on_error "tempfail" "hard.example.org" { reject :code "554" "No ${dnsbl.zone}"; }
      }
    }
    phase helo {
      rule "literal" { if string :matches "${helo}" "[*.*]" { score "0.5" "LITERAL"; } }
    }
    phase mail {
      rule "sender" {
        if envelope :domain :list "from" "table:partners" { accept; }
        elsif envelope :localpart :contains "from" ["robot", "noreply"] { score "-0.25" "ROBOT"; }
        else { set :message "from" "${sender.domain}${macro.i}"; }
      }
    }
    phase rcpt {
      rule "trap" {
        if envelope :list "to" "table:traps" {
          reject :code "550" :enhanced "5.1.1" ["No such user", "${rcpt}"];
        }
      }
      rule "notes" {
        set :recipient "r" "${rcpt.local} ${rcpt.arg.NOTIFY}";
        if fact "rcpt.arg.NOTIFY" { addheader "X-Notify" "${r}"; }
        if score :over "100" { discard :message; }
      }
    }
    phase data {
      rule "many" { if string :is "${rcpt.count}" "2" { log "two, first ${rcpt.first}"; } }
    }
    """

  private static let content = """
    require ["defang", "envelope", "extlists", "variables"];
    table :inline ["exe", "scr", "js", "vbs", "lnk"] "bad";

    phase headers {
      rule "list" {
        if header :matches "Subject" "[*] *" {
          addheader "X-List" "${1}";
          setheader "Subject" "${2}";
        }
      }
      rule "from" {
        if address :domain :is ["From", "Sender"] "example.net" { score "1.5" "FROM"; }
        if allof (exists ["Message-ID", "Date"], not header :contains "X-Mailer" "bulk") {
          deleteheader :index 1 "X-Mailer";
        }
        if header :is "Subject" ["${from.display}", "${sender}"] { log "same"; }
      }
    }
    phase message {
      rule "size" { if size :over 1K { score "0.1" "LARGE"; } }
      rule "odd" { if string :is "${message.parts}" ["3", "4"] { log "${message.depth}"; } }
    }
    phase part {
      rule "names" {
        if part :list "extension" "table:bad" { replace "Attachment ${part.name} was removed."; }
      }
      rule "kinds" {
        if anyof (part :is "kind" "executable", part :differs ["sniffed", "declared"]) { drop; }
        elsif part :over "size" 2K { warn "${part.path} has ${part.size}"; }
        elsif part :container { accept; }
      }
      rule "digest" { if part :matches "sha256" "0*" { log "${part.sha256} ${part.charset}"; } }
    }
    phase eom {
      rule "tag" {
        if score :over "1.0" { addheader "X-Spam" "${score} at ${now}"; }
        if score :under "-1" { tempfail "Later, ${session.id}"; }
      }
      rule "end" { if header :contains "X-List" "b" { discard; } }
    }
    """

  private static let declared = """
    require ["defang", "envelope", "extlists", "variables"];
    on_error :scanner "continue" :table "tempfail" :dns "continue" :callout "continue"
      :store "tempfail";
    table :inline ["example.org"] :type "domain" "ours";
    table :inline ["192.0.2.0/24", "2001:db8::/32"] :type "cidr" "lan";
    scanner :clamd "unix:/run/clamav/clamd.ctl" "clamav";
    own :domains "table:ours" :clients "table:lan";
    trusted_relays "table:lan";
    settings :admin "postmaster@example.org" :daemon "mailer-daemon@example.org";
    limits :parts 500 :depth 20;
    switch "lockdown" "off";
    mta_timeouts :command 30 :end 300;
    on_mixed :reject "notify" :tempfail "deliver";
    warnings :place "first" :preamble "A word of care.";
    digest :every 86400 :to "recipient" "daily";
    define "programs" {
      foreverypart :name "inner" { if part :is "kind" "executable" { break; } }
    }
    phase connect {
      rule :mode "observe" :severity "high" :reference "T-17" "locked" {
        if string :is "${switch.lockdown}" "on" { tempfail "Later"; }
      }
    }
    phase mail {
      rule "who" {
        if anyof (mx :bogus "${sender.domain}", spf ["fail", "softfail"]) { log "${spf.result}"; }
        if rate :limit 10 :window 60 "${client.ip}" { log "often"; }
      }
    }
    phase rcpt {
      rule "known" {
        if not recipient_known :server "inside.example:25" "${rcpt}" { reject "${callout.text}"; }
        if greylist :delay 60 :net4 28 { tempfail "Back in ${greylist.wait} s"; }
      }
    }
    phase eom {
      rule "parts" {
        if allof (dmarc "fail", dkim :domain ["example.com", "${from.domain}"]) { stop; }
        foreverypart :name "outer" {
          call "programs";
          if fact "part.name" { log "${part.name} ${scan.clamav.result}"; }
          foreverypart {
            if part :container { continue; }
            if part :over "size" 1K { drop; break :name "outer"; }
            if part :differs ["sniffed", "declared"] { warn "odd"; break; }
          }
          replace "gone";
        }
      }
    }
    """

  private static let sieve = """
    require [
      "defang", "body", "date", "environment", "envelope", "envelope-dsn", "extlists", "index",
      "mime", "relational", "spamtest", "subaddress", "variables", "virustest"
    ];
    settings :spam_header "Subject" :virus_header "X-Mailer";
    table :inline ["a", "b"] "known";

    phase rcpt {
      rule "detail" { if envelope :detail :contains "to" ["a", "${helo}"] { log "detail"; } }
      rule "notify" { if envelope ["notify", "orcpt"] "NEVER" { log "never"; } }
    }
    phase headers {
      rule "first" { if header :index 1 :last :matches "Subject" "*a*" { log "${1}"; } }
      rule "date" { if date :originalzone "Date" "year" ["2025", "2026"] { log "dated"; } }
      rule "now" { if currentdate :zone "+0100" :matches "iso8601" "*T*" { log "${2}"; } }
      rule "spam" { if anyof (spamtest "5", virustest ["1"]) { log "seen"; } }
      rule "lists" { if valid_ext_list ["table:known", "${subject}"] { log "lists"; } }
      rule "where" { if environment :contains "domain" "example" { log "here"; } }
    }
    phase part {
      rule "type" { if header :mime :type "Content-Type" ["text", "image"] { log "type"; } }
      rule "param" { if header :mime :param ["name", "charset"] "Content-Type" "utf-8" { stop; } }
      rule "inside" { if exists :mime :anychild "Content-ID" { log "inside"; } }
      rule "begin" { extracttext :first 20 "text"; log "${text}"; }
    }
    phase eom {
      rule "edit" {
        addheader "X-Long" "one two three four five six seven eight nine ten eleven twelve";
        deleteheader :index 1 :last "Received";
        if size :over 400 { log "size"; }
      }
      rule "any" { if address :mime :anychild "From" "b@example.org" { log "any"; } }
      rule "raw" { if body :raw :contains ["a", "nothing"] { log "raw"; } }
      rule "content" { if body :content ["text", "message"] :matches "*re*" { log "content"; } }
      rule "text" { if body :contains "They" { log "text"; } }
      rule "each" {
        foreverypart {
          extracttext "all";
          if address :mime "From" ["a@example.org"] { log "${all}"; }
          foreverypart { if header :mime :contains "Content-Type" "png" { break; } }
        }
      }
    }
    """

  private static let asked = """
    require [
      "defang", "body", "date", "duplicate", "envelope", "environment", "extlists", "foreverypart",
      "index", "mime", "relational", "subaddress", "variables"
    ];
    on_error :dns "continue" :store "tempfail" :scanner "tempfail";
    table :inline ["a@example.com"] :type "address" "people";

    phase helo {
      rule "tls" {
        if tls :verified :bits 128 { log "${tls.cipher}"; }
        elsif environment :matches "remote-host" "*.example" { score "1.5" "HOST"; }
      }
    }
    phase mail {
      rule "how" {
        if anyof (authenticated, submission ["local", "authenticated"]) { stop; }
        if number :value "ge" "${sender.arg.SIZE}" "1000.5" { log "large"; }
        if macro "{daemon_name}" ["MSA", "MTA"] { log "listener"; }
      }
    }
    phase rcpt {
      rule "who" {
        if envelope :user :contains ["to", "from"] ["ann", "${sender.local}"] { log "ann"; }
        if recipient :all :domain :is ["example.com", "example.net"] { log "ours"; }
        if envelope :list "to" "table:people" { log "known"; }
      }
    }
    phase headers {
      rule "dates" {
        if allof (date :originalzone "date" "year" "1999",
          not currentdate :zone "+0100" "hour" ["18", "19"]) { score "0.5" "OLD"; }
        if date :index 2 :last "received" "weekday" ["0", "6"] { log "sunday"; }
      }
      rule "odd" { if anomaly :severity "high" { addheader "X-Odd" "yes"; } }
    }
    phase message {
      rule "body" {
        if anyof (body :raw :contains "MAKE MONEY", body :content "text" :contains ["<a"]) {
          log "body";
        }
        if header :mime :anychild :param "filename" :contains "content-disposition" ".exe" {
          log "name";
        }
      }
    }
    phase part {
      rule "part" {
        if failed part :is "sha256" "00" { log "no digest"; }
        if part :is "name" ["a.exe", "${subject}.exe"] { warn "several"; }
      }
    }
    phase eom {
      rule "again" { if duplicate :seconds 60 :header "Message-ID" { discard; } }
    }
    """

  /// Made by hand: functions that call one another as deep as the machine can hold, and some that
  /// call the last of them, so that whoever called one of those would be too deep.
  static var chain: Program {
    var program = Program()
    program.strings = [StringRange(offset: 0, length: 0)]
    let depth = ImageFormat.callDepthMax
    for index in 0..<depth + 8 {
      program.blocks.append(Block(name: 0, start: UInt32(program.code.count)))
      let callee = min(index, depth) - 1
      program.code.append(
        callee < 0
          ? Instruction(.truthConstant, c: 1) : Instruction(.call, c: UInt32(callee)))
      program.code.append(Instruction(.return))
    }
    program.functionCount = UInt32(program.blocks.count)
    program.phases = [PhaseEntry(phase: .eom, block: program.functionCount)]
    program.blocks.append(Block(name: 0, start: UInt32(program.code.count)))
    program.code += [Instruction(.call, c: UInt32(depth - 1)), Instruction(.halt)]
    return program
  }

  private static let small = """
    require "defang";
    phase eom { rule "all" { addheader "X-Checked" "yes"; } }
    """
}
