// What a policy needs, as the steps asked for: nothing that no rule reads, no reply that no rule
// gives.

import MilterBridge
import MilterWire
import Testing

@Suite struct NegotiationNeedsTests {
  static func needs(
    sent: NegotiationNeeds.Phases = [], header: Bool = false, body: Bool = false,
    verdicts: NegotiationNeeds.Phases = []
  ) -> ProtocolSteps {
    NegotiationNeeds(
      sent: sent, header: header, body: body, verdicts: verdicts, actions: [], macros: nil
    ).steps
  }

  /// Asked of every MTA, whatever the policy.
  static let always: ProtocolSteps = [
    .noUnknown, .noReplyConnect, .noReplyHeader, .noReplyBody, .skip,
  ]

  static let cases: [(ProtocolSteps, ProtocolSteps)] = [
    (
      needs(),
      [
        .noConnect, .noHELO, .noRCPT, .noDATA, .noHeaders, .noEndOfHeaders, .noBody,
        .noReplyHELO, .noReplyMAIL, .noReplyRCPT, .noReplyDATA, .noReplyEndOfHeaders,
      ]
    ),
    (
      needs(sent: [.connect], verdicts: [.connect]),
      [
        .noRCPT, .noDATA, .noHeaders, .noEndOfHeaders, .noBody, .noReplyRCPT, .noReplyDATA,
        .noReplyEndOfHeaders,
      ]
    ),
    (
      needs(sent: [.recipient, .headers], header: true, verdicts: [.recipient, .headers]),
      [
        .noConnect, .noHELO, .noDATA, .noBody, .noReplyHELO, .noReplyMAIL, .noReplyDATA,
        .headerLeadingSpace,
      ]
    ),
    (
      needs(sent: .all, header: true, body: true, verdicts: .all), [.headerLeadingSpace]
    ),
  ]

  @Test(arguments: cases) func steps(_ steps: ProtocolSteps, _ expected: ProtocolSteps) {
    #expect(steps == expected.union(Self.always))
  }

  /// A second policy that only looks: all that it reads is sent, nobody waits for it, and what may
  /// be changed is what the first one changes.
  @Test func aSecondPolicyReadsBesides() {
    let first = NegotiationNeeds(
      sent: [.connect], header: false, body: false, verdicts: [.connect], actions: [.addHeaders],
      macros: [.mail: ["i"]])
    let second = NegotiationNeeds(
      sent: [.recipient, .headers], header: true, body: true, verdicts: .all, actions: .all,
      macros: [.mail: ["i", "{auth_authen}"], .helo: ["{tls_version}"]])
    let both = first.reading(second)
    #expect(both.sent == [.connect, .recipient, .headers] && both.header && both.body)
    #expect(both.verdicts == first.verdicts && both.actions == first.actions)
    #expect(both.macros == [.mail: ["i", "{auth_authen}"], .helo: ["{tls_version}"]])
    #expect(second.reading(first).sent == both.sent && second.reading(first).header)
    // The mail server's own macros are more than any list.
    #expect(NegotiationNeeds.everything.reading(second).macros == nil)
  }

  @Test func onlyWhatIsOffered() {
    let offer = NegotiationOffer(version: 2, actions: [.addHeaders], steps: [.noBody, .noHELO])
    let answer = NegotiationNeeds(
      sent: [], header: false, body: false, verdicts: [], actions: .all, macros: [:]
    ).answer(to: offer)
    #expect(answer.steps == [.noBody, .noHELO])
    #expect(answer.actions == [.addHeaders])
    #expect(answer.version == 2)
    #expect(answer.macroLists.isEmpty)
  }

  /// The queue id is for the log; a stage without macros is asked to send none.
  @Test func macroLists() {
    let needs = NegotiationNeeds(
      sent: .all, header: true, body: true, verdicts: .all, actions: [],
      macros: [.mail: ["{auth_type}"], .endOfMessage: ["i"]])
    #expect(
      needs.macroLists == [
        .connect: [], .helo: [], .mail: ["{auth_type}", "i", "{mail_addr}"], .recipient: [],
        .data: [],
        .endOfHeaders: [], .endOfMessage: ["i"],
      ])
  }

  /// For a log the mail server says more, and waits no more often.
  @Test func whatALogNames() {
    let bare = NegotiationNeeds(
      sent: .mail, header: true, body: false, verdicts: .message, actions: [],
      macros: [.mail: ["{auth_type}"]])
    let named = bare.named
    #expect(
      bare.steps.subtracting(named.steps) == [.noConnect, .noHELO, .noRCPT])
    #expect(named.steps.isSubset(of: bare.steps))
    #expect(
      named.macroLists[.mail] == ["{auth_type}", "{auth_authen}", "i", "{mail_addr}"])
    #expect(named.named == named)
  }
}
