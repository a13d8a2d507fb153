// What a policy can cost on messages of a given size, for comparison with what it did cost.
internal import MailMessage
internal import RuleBytecode
internal import RuleVM

extension Policy {
  /// The worst case, in fuel, of one session with one message of this size.
  public func worstCase(for message: [UInt8], recipients: Int) -> Int {
    let mail = MailMessage(message)
    var caps = InputCaps()
    caps.headerBytes = mail.headerEnd
    caps.fields = max(1, mail.headers.count)
    caps.allFields = mail.parts.reduce(1) { $0 + $1.fields.count }
    caps.messageBytes = message.count
    caps.allHeaderBytes = message.count
    let variants = mail.parts.indices.reduce(0) { $0 + mail.contentVariants(of: $1).count }
    caps.decodedBytes = (1 + variants) * message.count
    let readings = mail.parts.filter { $0.reading > 0 }.count
    caps.readingBytes = (variants + readings) * message.count
    caps.embeddedBytes = caps.decodedBytes
    caps.parts = mail.parts.count + variants
    caps.documentBytes = 1 << 20
    caps.recipients = recipients
    caps.nameBytes = 64
    caps.factBytes = 64
    let cost = CostEstimate.estimate(loaded.program, caps: caps)
    return cost.messageFuel + cost.fuel(of: .connect) + cost.fuel(of: .helo)
  }

  /// Policies that between them have every instruction.
  public static let seeds: [Policy] = SeedPolicies.sources.map {
    do {
      return try Policy(source: $0)
    } catch {
      preconditionFailure("a seed policy does not compile: \(error)")
    }
  }

  public static var sampleMessages: [[UInt8]] { SampleMessages.all }
}
