// The texts of family L, L001 to L012: addresses, names, codes, numbers.

import RuleBytecode

extension Explanation {
  static let addressLiterals: [Explanation] = [
    Explanation(
      .badAddress, "not a mail address",
      """
      The key is compared with mail addresses, and no address can be equal to it: it
      holds brackets, blanks or a display name, or lacks one of its sides.
      """,
      in: .phase(.mail),
      wrong: """
        rule "ann" { if envelope "from" "<ann@example.com>" { stop; } }
        """,
      right: """
        rule "ann" { if envelope "from" "ann@example.com" { stop; } }
        """,
      why: """
        Tests see addresses without '<' and '>'. A key that can never match is not a
        choice but a mistake. For all of a domain use :domain.
        """),
    Explanation(
      .badDomain, "not a domain name",
      """
      A domain name has letters, digits and '-' between its dots, at most 63 in each
      label and 253 in all.
      """,
      in: .phase(.mail),
      wrong: """
        rule "org" { if envelope :domain "from" "@example.org" { stop; } }
        """,
      right: """
        rule "org" { if envelope :domain "from" "example.org" { stop; } }
        """,
      why: """
        ':domain' compares what stands behind the '@', without it. Subdomains are not
        included: for these use a table of type domain, or :matches "*.example.org".
        """),
    Explanation(
      .badIPAddress, "not an IP address",
      """
      The text is no address of IPv4 or IPv6.
      """,
      in: .phase(.connect),
      wrong: """
        rule "near" { if ip "client" "192.0.2.256" { stop; } }
        """,
      right: """
        rule "near" { if ip "client" "192.0.2.25" { stop; } }
        """,
      why: """
        Addresses are compared as numbers: every way to write one is equal, but it must
        be one. Host names are in ${client.name}, which 'string' compares.
        """),
    Explanation(
      .badNetwork, "not a network",
      """
      The text is no network: before the '/' stands an address, behind it the number of
      leading bits, up to 32 or 128.
      """,
      in: .phase(.connect),
      wrong: """
        rule "near" { if ip "client" "192.0.2.0/33" { stop; } }
        """,
      right: """
        rule "near" { if ip "client" "192.0.2.0/24" { stop; } }
        """,
      why: """
        Netmasks as in /255.255.255.0 and wildcards as in 192.0.2.* are not understood:
        there is one way to write a network.
        """),
    Explanation(
      .networkHostBits, "bits behind the prefix of a network",
      """
      The address before the '/' has bits set that its prefix does not cover. The
      network is taken as the message says, and --fix writes it so.
      """,
      in: .phase(.connect),
      wrong: """
        rule "near" { if ip "client" "192.0.2.17/24" { stop; } }
        """,
      right: """
        rule "near" { if ip "client" "192.0.2.0/24" { stop; } }
        """,
      why: """
        Either the prefix is too short, and far more clients match than were meant, or
        the address is just one host. It is a warning because its meaning is clear.
        """),
    Explanation(
      .badHeaderName, "not a header name",
      """
      The name of a header field is printable ASCII without blanks and without ':'.
      """,
      in: .phase(.headers),
      wrong: """
        rule "hello" { if header "Subject:" "hello" { stop; } }
        """,
      right: """
        rule "hello" { if header "Subject" "hello" { stop; } }
        """,
      why: """
        The colon separates name and value and belongs to neither (RFC 5322 §2.2). A
        field with such a name cannot exist.
        """),
    Explanation(
      .badReplyCode, "not a reply code of this verdict",
      """
      The reply code has three digits. Those of reject begin with 5, those of tempfail
      with 4.
      """,
      in: .phase(.mail),
      wrong: """
        rule "no" { if fact "sender.arg.SIZE" { reject :code "450" "not now"; } }
        """,
      right: """
        rule "no" { if fact "sender.arg.SIZE" { tempfail :code "450" "not now"; } }
        """,
      why: """
        The first digit tells the client whether to try again (RFC 5321 §4.2.1). Its
        meaning must agree with the verdict.
        """),
    Explanation(
      .badEnhancedCode, "not an enhanced status code",
      """
      An enhanced status code is three numbers with dots between them: class, subject
      and detail, as in 5.7.1.
      """,
      in: .phase(.mail),
      wrong: """
        rule "no" { if fact "sender.arg.SIZE" { reject :enhanced "5.7" "no"; } }
        """,
      right: """
        rule "no" { if fact "sender.arg.SIZE" { reject :enhanced "5.7.1" "no"; } }
        """,
      why: """
        RFC 3463 §2 gives the form; clients and mail servers read it by machine and some
        drop the whole reply when it is wrong.
        """),
    Explanation(
      .codeClassMismatch, "reply codes that contradict each other",
      """
      The reply code and the enhanced code begin with different digits: one says 'never',
      the other 'later'.
      """,
      in: .phase(.mail),
      wrong: """
        rule "no" { if fact "sender.arg.SIZE" { reject :code "550" :enhanced "4.7.1" "no"; } }
        """,
      right: """
        rule "no" { if fact "sender.arg.SIZE" { reject :code "550" :enhanced "5.7.1" "no"; } }
        """,
      why: """
        RFC 2034 §4 wants the classes equal. Clients that find them different follow one
        of the two, and nobody knows which.
        """),
    Explanation(
      .badScore, "not a score",
      """
      An amount or threshold is a decimal in quotes: digits, a dot and up to three
      places, with '-' before it if it is negative.
      """,
      in: .phase(.eom),
      wrong: """
        rule "odd" { score "1,5" "ODD"; }
        """,
      right: """
        rule "odd" { score "1.5" "ODD"; }
        """,
      why: """
        Scores are kept in thousandths, without rounding, so that a threshold is met
        exactly. More places, or an exponent, cannot be kept.
        """),
    Explanation(
      .scoreTooBig, "a score that is too big",
      """
      The amount or threshold has more than nine digits before its dot.
      """,
      in: .phase(.eom),
      wrong: """
        rule "odd" { score "9999999999" "ODD"; }
        """,
      right: """
        rule "odd" { score "999" "ODD"; }
        """,
      why: """
        The bound keeps sums from running over. To refuse whatever the score is, use
        reject in place of a huge amount.
        """),
    Explanation(
      .notANumber, "not a number",
      """
      The text is compared as a number, and it is none.
      """,
      why: """
        Numbers in quotes are digits, with a sign and a fraction where these make sense:
        "8", "-0.5". A key that is no number compares as false for ever.
        """),
  ]
}
