// How much a query can bring to compare, and what bringing it costs. The machine charges the same
// work with the same numbers (`ByteCost`) before it does it.

/// Values of one answer, or of all answers about different parts together.
struct QueryMeasure {
  var values = 0
  var bytes = 0
  /// Fuel of bringing them, each time.
  var work = 0
  /// Bytes of all parts together, beside `bytes`, and fuel of bringing them.
  var bytesOfParts = 0
  var workOfParts = 0
  var shared: Set<SharedWork> = []
}

/// How often an instruction can run for one message.
struct Occasion: Hashable {
  /// All together.
  var times: Int
  /// Each time for another part, so that what all parts hold is counted once.
  var isPerPart = false
  /// In a loop over the parts inside others: how many loops are around it.
  var level = 0
}

extension QuerySpec {
  func measure(_ caps: InputCaps, _ bounds: TextBounds, in phase: Phase) -> QueryMeasure {
    var measure = QueryMeasure()
    let visits = caps.fields * 3 * ByteCost.fieldVisit
    switch source {
    case .header, .date, .exists:
      measure.values = caps.fields
      measure.bytes = caps.headerBytes
      measure.work = visits + caps.fields * max(1, Int(textCount)) * ByteCost.fieldVisit
      measure.shared = [.headerDecoding]
      if source == .date { measure.work += caps.headerBytes * ByteCost.decodeHeaderPerByte }
    case .address:
      measure.values = caps.headerBytes / 4
      measure.bytes = caps.headerBytes
      measure.work = visits + caps.headerBytes * (ByteCost.decodeHeaderPerByte + 1)
      measure.shared = [.headerDecoding]
    case .envelope, .recipient:
      let isMany = source == .recipient || detail == EnvelopePart.to.rawValue
      measure.values = isMany && phase != .rcpt && loop == 0 ? caps.recipients : 1
      measure.bytes = measure.values * caps.nameBytes
      measure.work = measure.bytes
    case .text:
      measure.values = Int(textCount)
      let bound = bounds.sum(firstText, textCount)
      measure.bytes = bound.each
      measure.bytesOfParts = bound.ofParts
    case .body:
      measure.values = caps.parts
      measure.bytes = caps.decodedBytes + caps.messageBytes
      measure.work = caps.messageBytes
      measure.shared = [.bodyDecoding]
    case .anomaly, .limitHit, .partAnomaly, .partTrait, .partEncrypted, .verdictSet:
      measure.values = 64
      measure.bytes = 64 * 32
      measure.work = 64 * 32
      if source == .partTrait || source == .partEncrypted {
        measure.shared = [.bodyDecoding, .typeSniffing]
      }
    case .part: measurePart(&measure, caps)
    case .partIs: measure.shared = detail == 0 ? [] : [.bodyDecoding, .typeSniffing]
    case .archive:
      measure.values = 16
      measure.bytesOfParts = caps.allHeaderBytes
      measure.workOfParts = caps.allHeaderBytes
      measure.shared = [.bodyDecoding, .typeSniffing]
    case .spamtest, .virustest, .currentDate, .environment, .ip, .authenticated, .tls,
      .submission, .direction, .macro:
      measure.values = 2
      measure.bytes = 2 * (source == .macro ? caps.factBytes : caps.nameBytes)
      measure.work = measure.bytes
      if source == .spamtest || source == .virustest { measure.shared = [.headerDecoding] }
    }
    if flags.contains(.mime) {
      measure.values = Int.cost(measure.values, times: flags.contains(.anyChild) ? caps.parts : 1)
      measure.bytes = min(
        Int.cost(measure.bytes, times: flags.contains(.anyChild) ? caps.parts : 1),
        caps.messageBytes)
      measure.work = Int.cost(measure.work, plus: measure.bytes * ByteCost.decodeHeaderPerByte)
    }
    return measure
  }

  /// What a part says of itself: short each time, but for what stands in its header.
  private func measurePart(_ measure: inout QueryMeasure, _ caps: InputCaps) {
    measure.values = 8
    measure.bytes = 1_024
    measure.work = 1_024
    switch PartField(rawValue: detail) {
    case .name, .extension:
      measure.values = 16
      measure.bytesOfParts = caps.allHeaderBytes
      measure.workOfParts = caps.allHeaderBytes
      measure.shared = [.partNames]
    case .charset, .disposition:
      measure.workOfParts = caps.allHeaderBytes * ByteCost.decodeHeaderPerByte
    case .sniffed, .kind: measure.shared = [.bodyDecoding, .typeSniffing]
    case .sha256: measure.shared = [.bodyDecoding, .contentDigests]
    case .size: measure.shared = [.bodyDecoding]
    default: break
    }
  }
}

extension SharedWork {
  /// Fuel of doing it for a whole message.
  func fuel(_ caps: InputCaps) -> Int {
    switch self {
    case .headerDecoding: caps.headerBytes * ByteCost.decodeHeaderPerByte
    case .bodyDecoding: (caps.messageBytes + caps.decodedBytes) * ByteCost.decodeBodyPerByte
    case .typeSniffing:
      caps.parts * ByteCost.sniffBase + caps.decodedBytes * ByteCost.sniffPerByte
        + min(caps.parts * ByteCost.proofBytesMax, caps.decodedBytes) * ByteCost.proofPerByte
    case .contentDigests: caps.decodedBytes * ByteCost.digestPerByte
    case .partNames: caps.allHeaderBytes * ByteCost.decodeHeaderPerByte
    case .anomalies: caps.parts * 1_024
    }
  }
}
