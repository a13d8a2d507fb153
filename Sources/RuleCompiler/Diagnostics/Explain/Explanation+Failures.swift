// The texts of family E.

extension Explanation {
  static let failures: [Explanation] = [
    Explanation(
      .unknownFailureClass, "no such class of failures",
      """
      'on_error' is followed by classes of failures, as tags: :dns :scanner :table
      :callout :store :program :limit :internal.
      """,
      in: .whole,
      wrong: """
        require "defang";
        on_error :dnsbl "continue";
        phase connect { rule "note" { log "seen"; } }
        """,
      right: """
        require "defang";
        on_error :dns "continue";
        phase connect { rule "note" { log "seen"; } }
        """,
      why: """
        Classes say what failed, not which test asked: a block list and an MX question
        are both :dns.
        """),
    Explanation(
      .unknownFailureAnswer, "no such answer to a failure",
      """
      What happens when a check cannot answer is one of a few words: continue, tempfail,
      accept, reject, quarantine.
      """,
      in: .whole,
      wrong: """
        require "defang";
        on_error :dns "ignore";
        phase connect { rule "note" { log "seen"; } }
        """,
      right: """
        require "defang";
        on_error :dns "continue";
        phase connect { rule "note" { log "seen"; } }
        """,
      why: """
        'continue' leaves the rule and goes on with the next one, as 'quarantine' does,
        which keeps the message for somebody to look at; the others are verdicts.
        """),
    Explanation(
      .missingFailurePolicy, "nothing said about failures",
      """
      The test asks something outside that may fail, and neither the call nor the rule,
      phase or file says what then happens.
      """,
      in: .whole,
      wrong: """
        require "defang";
        phase connect {
          rule "listed" { if dnsbl "zen.example.org" { reject "listed"; } }
        }
        """,
      right: """
        require "defang";
        on_error :dns "continue";
        phase connect {
          rule "listed" { if dnsbl "zen.example.org" { reject "listed"; } }
        }
        """,
      why: """
        Whether mail passes unchecked or waits when a server does not answer is the most
        important decision of a policy, so it is never made silently.
        """),
    Explanation(
      .duplicateFailureClass, "two answers for one class",
      """
      The top of the file says twice what happens when this class of checks fails.
      """,
      in: .whole,
      wrong: """
        require "defang";
        on_error :dns "continue";
        on_error :dns "tempfail";
        phase connect { rule "note" { log "seen"; } }
        """,
      right: """
        require "defang";
        on_error :dns "continue";
        phase connect { rule "note" { log "seen"; } }
        """,
      why: """
        Only one can hold. For some rules another answer is stated in the phase, in the
        rule, or on the call: the innermost wins.
        """),
    Explanation(
      .failOpen, "mail passes when the check fails",
      """
      When the scanner cannot answer, mail goes on unchecked.
      """,
      in: .file,
      wrong: """
        on_error :scanner "continue";
        phase eom { rule "note" { log "seen by the filter"; } }
        """,
      right: """
        on_error :scanner "tempfail";
        phase eom { rule "note" { log "seen by the filter"; } }
        """,
      why: """
        Whoever can make the scanner fail (a huge archive, too many connections) gets
        his mail through. Answer "tempfail" lets the client try again later. Who prefers
        unchecked mail to late mail says so by on_error :fail_open :scanner "continue".
        """),
    Explanation(
      .failurePolicyPlace, "'on_error' in the wrong place",
      """
      'on_error' is the first command of a phase or rule, or stands at the top of the
      file.
      """,
      in: .whole,
      wrong: """
        require "defang";
        phase connect {
          rule "note" { log "seen"; on_error :dns "continue"; }
        }
        """,
      right: """
        require "defang";
        phase connect {
          rule "note" { on_error :dns "continue"; log "seen"; }
        }
        """,
      why: """
        It holds for the whole block in which it stands; in the middle it would seem to
        hold only for what follows.
        """),
  ]
}
