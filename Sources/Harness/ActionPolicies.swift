// Policies that decide all that can be decided: what they do has its share in what they cost.

extension SeedPolicies {
  static let decisions = """
    require ["defang", "envelope", "variables"];
    on_mixed :reject "notify" :tempfail "deliver";
    settings :admin "postmaster@example.com";
    store :directory "/var/spool/defang/kept" :url "https://files.example.com" "kept";
    scanner :rspamd "inet:11334@localhost" "rspamd";

    phase mail {
      rule "early" {
        setsender "bounces@example.com"; delay 2; insertheader :at 2 "X-Early" "${sender}";
        save_copy :store "kept"; train :ham "rspamd";
      }
      rule :mode "observe" "would" { set :message "seen" "${sender}${sender}"; hold "${sender}"; }
    }
    phase rcpt {
      rule "wish" { set :recipient "wish" "${rcpt.local}"; score :each "0.5" "RCPT"; }
      rule "moved" { if string :is "${rcpt.local}" "bob" { redirect :copy "eve@example.com"; } }
    }
    phase headers {
      rule "tidy" { setheader "Subject" "${subject} !"; deleteheader :contains "Received" "mx"; }
      rule :mode "observe" "lists" { if exists "Subject" { score "1" "WOULD"; discard; } }
    }
    phase part {
      rule "links" {
        if not part :container {
          replace_with_link :store "kept" :salt "${part.name} is at ${link.url}";
        }
        warn "${part.path} ${part.name}";
      }
      rule "kept" { if part :is "kind" "archive" { quarantine :part "${part.name}"; keep; } }
    }
    phase eom {
      rule "sum" {
        compute :message :sum "left" ["${score}", "2.5"];
        event "scored" ["${left}", "${rcpt.first}", "${rcpt.count}"];
        disclaimer :once "x" :text "${from.address}" :html "<p>It is ours.</p>";
        notify :admin :subject "${subject}" "from ${sender}";
      }
      rule "each" {
        for_each_rcpt {
          if string :is "${rcpt.local}" "postmaster" { reject "not ${rcpt}, ${wish}"; }
          if string :contains "${rcpt}" "eve" { quarantine "${rcpt}"; break; }
        }
      }
      rule "own" {
        for_each_rcpt :split { addheader "X-For" "${rcpt} ${wish}"; foreverypart { drop; } }
      }
      rule "last" { hold; quarantine :copy "${quarantine.id}"; addrcpt "all@example.com"; }
    }
    """

  /// A plain Sieve script.
  static let script = """
    require ["fileinto", "copy", "editheader", "foreverypart", "replace"];
    if header :contains "Subject" ["offer", "report"] {
      fileinto :copy "Offers";
      redirect "Ann <ann@example.net>";
    } elsif not exists "Subject" {
      discard;
      stop;
    }
    addheader "X-Seen" "yes";
    foreverypart { if size :over 100K { replace "It was too big"; } }
    keep;
    """
}
