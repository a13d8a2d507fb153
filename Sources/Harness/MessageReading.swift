// Reading messages, for benchmarks and the MIME fuzzer.
internal import MailMessage

/// What reading a message gave.
public struct MessageCounts: Sendable, Equatable {
  public var parts = 0
  public var headerFields = 0
  public var anomalies = 0
  public var decodedBytes = 0
}

public enum MessageReading {
  /// Structure only: header fields and parts as ranges.
  public static func structure(_ bytes: [UInt8]) -> MessageCounts {
    let message = MailMessage(bytes)
    return MessageCounts(parts: message.parts.count, headerFields: message.headers.count)
  }

  /// The same, with more parts than mail may have otherwise.
  public static func structure(_ bytes: [UInt8], partsMax: Int) -> MessageCounts {
    var limits = MailLimits()
    limits.partsMax = partsMax
    let message = MailMessage(bytes, limits: limits)
    return MessageCounts(parts: message.parts.count, headerFields: message.headers.count)
  }

  /// All of it: every part decoded and its anomalies looked for.
  public static func everything(_ bytes: [UInt8]) -> MessageCounts {
    let message = MailMessage(bytes)
    var counts = MessageCounts(parts: message.parts.count, headerFields: message.headers.count)
    var decoded: [UInt8] = []
    for (index, part) in message.parts.enumerated() where !part.isContainer {
      decoded.removeAll(keepingCapacity: true)
      _ = message.appendDecodedBody(of: index, to: &decoded)
      counts.decodedBytes += decoded.count
      counts.anomalies += part.anomalies.count
    }
    return counts
  }

  /// Every part decoded, nothing else.
  public static func decoded(_ bytes: [UInt8]) -> MessageCounts {
    let message = MailMessage(bytes)
    var counts = MessageCounts(parts: message.parts.count, headerFields: message.headers.count)
    var decoded: [UInt8] = []
    for (index, part) in message.parts.enumerated() where !part.isContainer {
      decoded.removeAll(keepingCapacity: true)
      _ = message.appendDecodedBody(of: index, to: &decoded)
      counts.decodedBytes += decoded.count
    }
    return counts
  }
}
