// The texts of family F.

import RuleBytecode

extension Explanation {
  static let flow: [Explanation] = [
    Explanation(
      .unreachable, "a command that is never reached",
      """
      A command before it always ends the rule or the run. The note points at that one.
      """,
      in: .phase(.eom),
      wrong: """
        rule "note" { stop; log "seen"; }
        """,
      right: """
        rule "note" { log "seen"; stop; }
        """,
      why: """
        Verdicts, stop and continue leave at once. What is to be done before a verdict
        stands before it; what is to be done in the other case stands in an 'else'.
        """),
    Explanation(
      .acceptAndReject, "two verdicts on one path",
      """
      One path of a rule leads through two verdicts that contradict each other, such as
      accept and reject.
      """,
      in: .phase(.eom),
      wrong: """
        rule "no" { accept; reject "no"; }
        """,
      right: """
        rule "no" { if exists "X-Trusted" { accept; } else { reject "no"; } }
        """,
      why: """
        The first verdict wins and ends the run, so the second one is never given. Since
        mail would pass that the rule seems to refuse, or the other way, it is an error.
        """),
    Explanation(
      .alwaysTrue, "a test that is always true",
      """
      The condition does not depend on the mail, or what is known at this place settles
      it already: it is always true.
      """,
      in: .phase(.eom),
      wrong: """
        rule "note" { if anyof (exists "List-Id", true) { log "seen"; } }
        """,
      right: """
        rule "note" { if exists "List-Id" { log "seen"; } }
        """,
      why: """
        A test that asks nothing hides a mistake: a not too many, a test that was put
        there for a trial. Where all mail is meant, leave out the 'if'.
        """),
    Explanation(
      .alwaysFalse, "a test that is always false",
      """
      No mail can make the condition true: it does not depend on the mail, or its parts
      contradict each other.
      """,
      in: .phase(.eom),
      wrong: """
        rule "note" { if allof (exists "List-Id", false) { log "seen"; } }
        """,
      right: """
        rule "note" { if exists "List-Id" { log "seen"; } }
        """,
      why: """
        The block behind it is never done, and its rule does not protect anybody. To
        switch a rule off for a while, comment it out.
        """),
    Explanation(
      .shadowedRule, "a rule or branch that never decides",
      """
      All mail that the condition takes is taken by an earlier rule or branch, which ends
      the run. The note points at it.
      """,
      in: .phase(.connect),
      wrong: """
        rule "net" { if ip "client" "192.0.2.0/24" { accept; } }
        rule "host" { if ip "client" "192.0.2.7" { reject "no"; } }
        """,
      right: """
        rule "host" { if ip "client" "192.0.2.7" { reject "no"; } }
        rule "net" { if ip "client" "192.0.2.0/24" { accept; } }
        """,
      why: """
        The later one never acts, and its counters stay at zero. Most often the general
        rule stands before the special one: exchange them. Sets, networks, domains and
        substrings are compared.
        """),
    Explanation(
      .duplicateKey, "a key that stands twice",
      """
      A list holds the same key twice, as the comparator sees it: by default case does
      not count.
      """,
      in: .phase(.headers),
      wrong: """
        rule "sale" { if header :contains "Subject" ["offer", "sale", "Offer"] { stop; } }
        """,
      right: """
        rule "sale" { if header :contains "Subject" ["offer", "sale"] { stop; } }
        """,
      why: """
        It does no harm, but often one of the two was meant to be another key.
        """),
    Explanation(
      .duplicateTest, "a test that stands twice",
      """
      anyof or allof holds the same test twice.
      """,
      in: .phase(.headers),
      wrong: """
        rule "list" { if anyof (exists "List-Id", exists "List-Id") { stop; } }
        """,
      right: """
        rule "list" { if anyof (exists "List-Id", exists "List-Post") { stop; } }
        """,
      why: """
        It does no harm, but often one of the two was meant to be another test, copied
        and not changed.
        """),
    Explanation(
      .refusalIncludesLocal, "a refusal that hits local programs too",
      """
      A refusal at RCPT holds for mail of local programs as well: cron, mailing lists,
      the 'mail' command.
      """,
      in: .file,
      wrong: """
        phase rcpt { rule "trap" { if envelope "to" "trap@example.com" { reject "No"; } } }
        """,
      right: """
        group not submission "local" {
          phase rcpt { rule "trap" { if envelope "to" "trap@example.com" { reject "No"; } } }
        }
        """,
      why: """
        Postfix keeps such mail in its queue when the filter refuses its recipient, and
        nobody is told. Put the rule into group not submission "local" { … }, or ask
        for what only a remote client has.
        """),
    Explanation(
      .negatedPartNames, "an allow-list that lets names pass",
      """
      A part may have several names. 'not part :list' is false as soon as one of them is
      in the list, so a part with a good and a bad name passes.
      """,
      in: .file,
      wrong: """
        table :inline ["pdf", "png"] "good";
        phase part { rule "only" { if not part :list "extension" "table:good" { drop; } } }
        """,
      right: """
        table :inline ["pdf", "png"] "good";
        phase part { rule "only" { if not part :all :list "extension" "table:good" { drop; } } }
        """,
      why: """
        Attackers write two names on purpose: the filter sees one, the mail program
        shows the other. With ':all' every name must be in the list.
        """),
    Explanation(
      .editNeedsSplit, "an edit for one of several recipients",
      """
      Inside 'for_each_rcpt' a command changes the header, a part or the message. There is
      one message for all recipients, so the change would not be for this one alone.
      """,
      in: .phase(.eom),
      wrong: """
        rule "mark" { for_each_rcpt { addheader "X-For" "${rcpt}"; } }
        """,
      right: """
        rule "mark" { for_each_rcpt :split { addheader "X-For" "${rcpt}"; } }
        """,
      why: """
        With ':split' each recipient whose message differs gets a copy of its own. Edits
        that are meant for all stand outside of the loop.
        """),
    Explanation(
      .definitionInLoop, "a definition that a turn cannot call",
      """
      Inside 'for_each_rcpt' a definition is called that gives a verdict or edits the
      message. The note points at what it holds.
      """,
      in: .file,
      wrong: """
        define "refuse" { discard; }
        phase eom { rule "each" { for_each_rcpt { call "refuse"; } } }
        """,
      right: """
        phase eom { rule "each" { for_each_rcpt { discard; } } }
        """,
      why: """
        A verdict in the loop is one on the recipient whose turn it is, elsewhere one on
        the message. A definition would have to mean both, so the loop says it itself.
        """),
    Explanation(
      .breaksSignature, "an edit that breaks signatures",
      """
      The command says ':break_signature', so it also changes what is signed or encrypted.
      """,
      in: .phase(.part),
      wrong: """
        rule "clean" { if part :is "kind" "script" { drop :break_signature; } }
        """,
      right: """
        rule "clean" { if part :is "kind" "script" { drop; } }
        """,
      why: """
        Who verifies the signature sees a forgery, who decrypts the mail may see nothing.
        It is a warning, since in some places that is the lesser evil.
        """),
    Explanation(
      .tooComplex, "more than the machine can hold",
      """
      The policy, or one rule of it, needs more registers, calls or tables than the
      machine has.
      """,
      why: """
        The machine's limits make each run's memory known beforehand. Split the rule, or
        put what its tests have in common into one table.
        """),
    Explanation(
      .costOverBudget, "the worst case is over the budget",
      """
      With the largest message that the limits let in, the policy could take longer than
      its budget. The message names the rule with the largest share and what costs most in it;
      'defang-rulec cost' shows all of them.
      """,
      why: """
        A sender chooses what the rules read. What can be costly will be sent; so the cost
        is proven before the first message comes. Sorted comparisons (':is', tables) cost hardly
        anything however long they are; ':matches' and ':regex' cost their keys times the text.
        """),
    Explanation(
      .waitTooLong, "checks that wait longer than the mail server",
      """
      Should all these servers be silent, their time-outs one after the other are longer
      than the mail server waits. Checks that begin early wait side by side and count as
      the longest of them; what is asked for each part or recipient of a loop counts once.
      """,
      in: .file,
      wrong: """
        on_error :dns "continue" :callout "tempfail";
        phase rcpt {
          rule "bogus" { if mx :bogus "${sender.domain}" { log "no"; } }
          rule "known" { if not recipient_known "${rcpt}" { log "no"; } }
        }
        """,
      right: """
        on_error :dns "continue" :callout "tempfail";
        phase rcpt {
          rule "bogus" { if mx :timeout 2 :bogus "${sender.domain}" { log "no"; } }
          rule "known" { if not recipient_known :timeout 5 "${rcpt}" { log "no"; } }
        }
        """,
      why: """
        sendmail waits 10 s for an answer to a command; then it goes on without the filter
        or defers the mail, as it was told. The filter gives up before that, after 8 s at
        a command and 60 s at the end of a message, and what was not asked by then has
        failed. 'mta_timeouts' says that yours waits longer: four fifths of it are used.
        """),
    Explanation(
      .overwrittenVariable, "a value that is never read",
      """
      The variable is set, and set again before anything can read the first value. The
      note points at the second 'set'.
      """,
      in: .phase(.mail),
      wrong: """
        rule "who" { set "who" "${sender}"; set "who" "${helo}"; log "from ${who}"; }
        """,
      right: """
        rule "who" { set "who" "${sender} ${helo}"; log "from ${who}"; }
        """,
      why: """
        Either one of the two was meant to set another variable, or a condition is
        missing around the second.
        """),
    Explanation(
      .readBeforeSet, "a variable that is not set yet",
      """
      The variable is read in a rule that runs before the rules that set it. It is always
      the empty text here.
      """,
      in: .phase(.mail),
      wrong: """
        rule "note" { log "from ${who}"; }
        rule "who" { set "who" "${sender}"; log "now ${who}"; }
        """,
      right: """
        rule "who" { set "who" "${sender}"; log "now ${who}"; }
        rule "note" { log "from ${who}"; }
        """,
      why: """
        Rules of a phase run from top to bottom, and a variable without a scope begins
        empty in each run. For a value of the run before, give it a scope (set :session).
        """),
    Explanation(
      .hiddenVariable, "two variables of one name",
      """
      The name is set with a scope, and here with a narrower one or with none. These are two
      variables: a text means the inner one in every phase that sets it, also where it was
      not set this time, and then it is empty.
      """,
      in: .file,
      wrong: """
        phase mail { rule "default" { set :message "limit" "10"; } }
        phase rcpt { rule "vip" { if envelope "to" "vip@example.com" { set "limit" "50"; } } }
        phase eom { rule "note" { addheader "X-Limit" "${limit}"; } }
        """,
      right: """
        phase mail { rule "default" { set :message "limit" "10"; } }
        phase rcpt {
          rule "vip" { if envelope "to" "vip@example.com" { set :message "limit" "50"; } }
        }
        phase eom { rule "note" { addheader "X-Limit" "${limit}"; } }
        """,
      why: """
        Most often the scope was forgotten. A default with exceptions is one variable with one
        scope. 'lookup :set' sets a variable of the run: give that another name, and
        'set' the one with the scope where the lookup is true.
        """),
  ]
}
