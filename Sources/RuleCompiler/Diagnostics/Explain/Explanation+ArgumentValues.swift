// The texts of family A, A015 and up: values that cannot be.

import RuleBytecode

extension Explanation {
  static let argumentValues: [Explanation] = [
    Explanation(
      .matchTypeNotPossible, "a match type that is not possible here",
      """
      The test cannot compare in this way: the field is no number, or the test knows
      only some of the match types.
      """,
      in: .phase(.part),
      wrong: """
        rule "long" { if part :over "name" 80 { drop; } }
        """,
      right: """
        rule "long" { if part :over "size" 80M { drop; } }
        """,
      why: """
        ':over' and ':under' compare numbers; names and types are compared by :is,
        :contains, :matches and :list. The message names what is possible.
        """),
    Explanation(
      .comparatorNotPossible, "a comparator that cannot compare so",
      """
      The comparator does not know this match type: "i;ascii-numeric", for one, compares
      numbers, and a number contains no other.
      """,
      why: """
        RFC 4790 says which operations a comparator has. Use "i;octet" or
        "i;ascii-casemap" for parts of texts, and the numeric one for whole values.
        """),
    Explanation(
      .notConstant, "a variable where none may stand",
      """
      The argument holds a ${…}. It must be known when the policy is compiled: the name
      of a header field, of a table, of a rule, a tag's fixed word.
      """,
      in: .phase(.eom),
      wrong: """
        rule "mark" { addheader "X-${from.domain}" "seen"; }
        """,
      right: """
        rule "mark" { addheader "X-Sender-Domain" "${from.domain}"; }
        """,
      why: """
        What comes from mail must not choose a header field, table or file: whoever
        writes the mail would choose it. Values of fields may hold such text.
        """),
    Explanation(
      .mailChooses, "text of mail where mail must not choose",
      """
      The argument may hold a variable that a table gave its value, or the policy itself.
      This one can hold what came with the mail, or from its client.
      """,
      in: .file,
      wrong: """
        on_error :callout "tempfail";
        phase rcpt {
          rule "inside" {
            if not recipient_known :server "mail.${rcpt.domain}" "${rcpt}" { log "no"; }
          }
        }
        """,
      right: """
        on_error :callout "tempfail";
        table :inline ["example.com mail.inside.example.com"] :type "map" "inside";
        phase rcpt {
          rule "inside" {
            if lookup :set "host" "table:inside" "${rcpt.domain}" {
              if not recipient_known :server "${host}" "${rcpt}" { log "no"; }
            }
          }
        }
        """,
      why: """
        Whoever writes an address would choose which host is called. Mail may choose the
        key of a table, since what the table holds is yours.
        """),
    Explanation(
      .outOfRange, "a number out of range",
      """
      The number is less or more than is allowed here. The message gives the range.
      """,
      in: .phase(.eom),
      wrong: """
        rule "trim" { deleteheader :index 0 "X-Trace"; }
        """,
      right: """
        rule "trim" { deleteheader :index 1 "X-Trace"; }
        """,
      why: """
        Occurrences are counted from 1. Time-outs are bounded by what a mail server
        waits for: a check that takes longer would cost the session.
        """),
    Explanation(
      .emptyValue, "an empty value",
      """
      The argument is an empty string where some text is needed.
      """,
      why: """
        An empty name or pattern would match nothing, or everything. For the empty
        sender of a bounce, ask envelope :is "from" "".
        """),
  ]
}
