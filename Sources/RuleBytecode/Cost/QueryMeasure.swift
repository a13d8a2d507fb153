// How much a query can bring to compare, and what bringing it costs. The machine charges the same
// work with the same numbers (`ByteCost`) before it does it.

/// Values of one answer, or of all answers about different parts together.
struct QueryMeasure {
  var values = 0
  var bytes = 0
  /// Fuel of bringing them, each time.
  var work = 0
  /// Values and bytes of all parts together, beside the others, and fuel of bringing them.
  var valuesOfParts = 0
  var bytesOfParts = 0
  var workOfParts = 0
  /// Bytes each time, where variables hold what parts brought.
  var keptBytes = Int.max
  var shared: Set<SharedWork> = []

  /// Bytes that are read of values when longer ones than this are rejected unread. Where the
  /// values are counted elsewhere, nothing says how many share the bytes.
  func bytes(upTo longest: Int) -> Int {
    values == 0 ? bytes : min(bytes, Int.cost(values, times: longest))
  }
}

/// How often an instruction can run for one message.
struct Occasion: Hashable {
  /// All together.
  var times: Int
  /// Each time for another part, so that what all parts hold is counted once.
  var isPerPart = false
  /// How often each part can be the one at hand.
  var timesOfPart = 1
  /// In a loop over the parts inside others: how many loops are around it.
  var level = 0
  /// For each recipient.
  var isOfRecipients = false
}

extension QuerySpec {
  /// - Parameter namesCount: how many constant names it has.
  func measure(
    _ caps: InputCaps, _ bounds: TextBounds, in phase: Phase, namesCount: Int
  ) -> QueryMeasure {
    var measure = QueryMeasure()
    switch source {
    case .header, .date, .exists, .address: measureFields(&measure, caps, phase)
    case .envelope, .recipient: measureEnvelope(&measure, caps, phase)
    case .text:
      measure.values = Int(textCount)
      let bound = bounds.sum(firstText, textCount)
      measure.bytes = bound.each
      measure.bytesOfParts = bound.ofParts
      measure.keptBytes = bound.most
    case .body:
      measureBody(&measure, caps)
      measure.work += caps.parts * (namesCount + Int(textCount)) * ByteCost.keyVisit
    case .anomaly, .limitHit, .partAnomaly, .partTrait, .partEncrypted, .verdictSet:
      measure.values = 64
      measure.bytes = 64 * 32
      measure.work = 64 * 32
      if source == .partTrait || source == .partEncrypted {
        measure.shared = [
          .bodyDecoding, .textDecoding, .typeSniffing, .partNames, .documents,
        ]
      }
      // Texts are searched for what encrypts them.
      if source == .partEncrypted {
        measure.workOfParts = caps.contentBytes * ByteCost.comparePerByte
      }
      // At the end of the header there is no more to read.
      if source == .anomaly, phase == .headers {
        measure.work += caps.headerBytes * (ByteCost.anomalyPerByte + ByteCost.lineFaultPerByte)
      } else if source == .anomaly || source == .partAnomaly {
        measure.shared = [.anomalies]
      }
    case .part: measurePart(&measure, caps)
    case .partIs: measure.shared = detail == 0 ? [] : [.bodyDecoding, .typeSniffing]
    case .archive:
      measure.valuesOfParts = caps.memberTexts
      measure.bytesOfParts = caps.memberTextBytes
      // They are made once, and one is kept as a fact.
      measure.workOfParts = caps.memberTextBytes
      measure.work = 2 * caps.nameBytes
      measure.shared = [.bodyDecoding, .typeSniffing, .partNames, .archives]
    case .spamtest, .virustest, .currentDate, .environment, .ip, .authenticated, .tls,
      .submission, .direction, .macro:
      measure.values = 2
      measure.bytes = 2 * (source == .macro ? caps.factBytes : caps.nameBytes)
      measure.work = measure.bytes
      if source == .spamtest || source == .virustest {
        measure.work += caps.fields * ByteCost.fieldVisit
        measure.work += caps.headerBytes * ByteCost.decodeHeaderPerByte
        measure.shared = [.headerDecoding]
      }
    }
    return measure
  }

  /// Fields of one header, or with `:mime` of those of parts.
  private func measureFields(_ measure: inout QueryMeasure, _ caps: InputCaps, _ phase: Phase) {
    let isOfParts = flags.contains(.mime)
    let (fields, bytes) =
      isOfParts ? (caps.allFields, caps.allHeaderBytes) : (caps.fields, caps.headerBytes)
    let aspect = source == .header ? MIMEAspect(rawValue: detail) ?? .whole : .whole
    var (values, length) = (fields, bytes)
    var work = fields * (3 + max(1, Int(textCount))) * ByteCost.fieldVisit
    if source == .address || aspect != .whole {
      // Read anew each time; a quoted local part, or a charset, can make a piece longer.
      values = aspect == .whole || aspect == .param ? fields + bytes / 4 : fields
      length = 3 * bytes
      work += bytes * ByteCost.decodeHeaderPerByte + length
    } else if source == .date {
      length = fields * Self.dateBytesMax
      work += bytes * ByteCost.decodeHeaderPerByte + length
    }
    guard isOfParts else {
      (measure.values, measure.bytes, measure.work) = (values, length, work)
      measure.shared = [.headerDecoding]
      return
    }
    // Inside each of the parts around it a part is looked at again.
    let isFamily = flags.contains(.anyChild)
    let levels = isFamily && (loop > 0 || phase == .part) ? caps.depth : 1
    measure.valuesOfParts = Int.cost(values, times: levels)
    measure.bytesOfParts = Int.cost(length, times: levels)
    measure.workOfParts = Int.cost(work, times: levels)
    measure.work = caps.parts * ByteCost.fieldVisit
    measure.shared = [.headerDecoding, .partHeaderDecoding]
  }

  /// The longest text of a date part, and some.
  private static let dateBytesMax = 64

  private func measureEnvelope(_ measure: inout QueryMeasure, _ caps: InputCaps, _ phase: Phase) {
    let part = source == .recipient ? .to : EnvelopePart(rawValue: detail) ?? .from
    let isMany = part.phases == .from(.rcpt) && phase != .rcpt && loop == 0
    let count = isMany ? caps.recipients : 1
    measure.values = part == .notify ? count * caps.factBytes : count
    measure.bytes = count * longestOfEnvelope(caps)
    measure.work = measure.bytes * (ByteCost.decodeHeaderPerByte + 2)
  }

  /// Bytes of one value: a path, or an ESMTP argument.
  func longestOfEnvelope(_ caps: InputCaps) -> Int {
    let part = source == .recipient ? .to : EnvelopePart(rawValue: detail) ?? .from
    return part == .from || part == .to ? 2 * caps.nameBytes : caps.factBytes
  }

  private func measureBody(_ measure: inout QueryMeasure, _ caps: InputCaps) {
    let transform = BodyTransform(rawValue: detail) ?? .text
    measure.values = transform == .raw ? 1 : 2 * caps.parts
    let decoded = transform == .raw ? 0 : caps.readingBytes + caps.decodedBytes
    measure.bytes = min(caps.messageBytes + decoded, caps.textBytes)
    if transform != .raw { measure.shared = [.textDecoding] }
  }

  /// What a part says of itself: short, but for what stands in its header. The texts are made once
  /// for a part.
  private func measurePart(_ measure: inout QueryMeasure, _ caps: InputCaps) {
    measure.values = 1
    measure.bytes = SharedWork.partTextBytesMax
    measure.shared = [.partNames]
    switch PartField(rawValue: detail) {
    case .name, .extension:
      (measure.values, measure.bytes) = (0, 0)
      measure.valuesOfParts = Int.cost(caps.parts, times: caps.names)
      measure.bytesOfParts = Int.cost(caps.allHeaderBytes, times: SharedWork.nameGrowth)
    case .charset, .disposition, .declared, .encoding:
      (measure.values, measure.bytes) = (0, 0)
      measure.valuesOfParts = caps.parts
      measure.bytesOfParts = Int.cost(caps.allHeaderBytes, times: SharedWork.nameGrowth)
    case .sniffed, .kind: measure.shared.formUnion([.bodyDecoding, .typeSniffing])
    case .sha256: measure.shared.formUnion([.bodyDecoding, .contentDigests])
    case .size: measure.shared.insert(.bodyDecoding)
    default: break
    }
  }
}

extension SharedWork {
  /// A byte that is none of its charset becomes three.
  static let textGrowth = 3
  /// Of an unquoted name the first word is one more name.
  static let nameGrowth = 2 * textGrowth
  /// Texts that stand in a part's header: names, extensions, charset, disposition, declared type
  /// and encoding.
  private static let partHeaderTexts = 6
  /// A path, a number, a digest, a type that was found out.
  static let partTextBytesMax = 256

  /// Fuel of doing it for a whole message.
  func fuel(_ caps: InputCaps) -> Int {
    switch self {
    case .headerDecoding: caps.headerBytes * ByteCost.decodeHeaderPerByte
    case .partHeaderDecoding: caps.allHeaderBytes * ByteCost.decodeHeaderPerByte
    // Content is searched for oddities too. What is read again is decoded to see whether it
    // differs, and once more when it does.
    case .bodyDecoding:
      (2 * caps.messageBytes + caps.decodedBytes + 2 * caps.readingBytes)
        * ByteCost.decodeBodyPerByte
    // Decoding and charset, once with markup and once without.
    case .textDecoding:
      (5 * caps.messageBytes + 5 * caps.readingBytes) * ByteCost.decodeBodyPerByte
    case .typeSniffing:
      caps.parts * ByteCost.sniffBase
        + caps.contentBytes * (ByteCost.sniffPerByte + ByteCost.furtherKindsPerByte)
        + min(caps.parts * ByteCost.proofBytesMax, caps.contentBytes) * ByteCost.proofPerByte
    case .contentDigests: caps.contentBytes * ByteCost.digestPerByte
    // Names, charset and disposition are read apart, and each field's texts are copied once.
    case .partNames:
      caps.allHeaderBytes
        * (3 * ByteCost.decodeHeaderPerByte + Self.partHeaderTexts * Self.nameGrowth)
        + caps.parts * Self.partTextBytesMax * PartField.allCases.count
    case .documents: caps.documentBytes * ByteCost.documentPerByte
    case .archives:
      (caps.archiveBytes + caps.messageBytes + caps.decodedBytes)
        * ByteCost.archivePerByte + caps.parts * ByteCost.archiveEndBytesMax
        + caps.archiveHeads * (ByteCost.sniffBase + 4_096 * ByteCost.sniffPerByte)
    // Of the message's lines, and of each part: of containers only the header is read.
    case .anomalies:
      caps.messageBytes * ByteCost.lineFaultPerByte + caps.contentBytes * ByteCost.anomalyPerByte
    }
  }
}
