// The limits that a policy can lower by `limits`, and that `limit_hit` tells of: their names, and
// what they are when nobody says anything. The readers' own limits are tested against these.

package enum LimitName: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  case parts, depth, headers, headerBytes, parameters, decodedBytes, messageBytes
  case archiveEntries, archiveRatio, archiveDepth, archiveBytes
  case names, readings, readingBytes, embeddedFiles, embeddedBytes
  case checks, records, textBytes

  /// As in `limit_hit "header-bytes"`.
  package var name: String { Self.spellings[Int(rawValue)] }
  private static let spellings = spelled()

  /// As in `limits :header_bytes 65536`.
  package var tag: String { Self.dashed("\(self)", by: "_") }

  /// The standard value, which is the most that a policy can ask for.
  package var most: Int {
    switch self {
    case .parts: 500
    case .headers: 1_000
    case .depth: 50
    case .headerBytes: 262_144
    case .parameters: 128
    case .decodedBytes: 128 << 20
    case .messageBytes: 64 << 20
    case .archiveEntries: 10_000
    case .archiveRatio: 1_000
    case .archiveDepth: 8
    case .archiveBytes: 128 << 20
    case .names: 16
    case .readings: 64
    case .readingBytes: 32 << 20
    case .embeddedFiles: 200
    case .embeddedBytes: 64 << 20
    case .checks: 100
    case .records: 10_000
    case .textBytes: 256 << 20
    }
  }

  /// A message hits it; the others bound what rules do.
  package var isOfMessage: Bool { ![.checks, .records, .textBytes].contains(self) }

  /// One line for people, without a full stop.
  package var meaning: String {
    switch self {
    case .parts: "MIME parts of a message"
    case .depth: "nesting of parts"
    case .headers: "fields of one header, or of all headers together"
    case .headerBytes: "bytes of one header, or of all headers together"
    case .parameters: "parameters of one Content-Type or Content-Disposition"
    case .decodedBytes: "bytes of decoded content"
    case .messageBytes: "bytes of the whole message"
    case .archiveEntries: "members of an archive"
    case .archiveRatio: "how many times larger an archive may grow when it is read"
    case .archiveDepth: "archives, documents and pages inside of each other"
    case .archiveBytes: "bytes unpacked and read of the archives and documents of a message"
    case .names: "names of one part that are compared"
    case .readings: "alternative readings of a message"
    case .readingBytes: "bytes that are read again for alternative readings"
    case .embeddedFiles: "files inside of texts and of winmail.dat"
    case .embeddedBytes: "bytes of parts that are decoded to find parts in them"
    case .checks: "questions to the outside of one message"
    case .records: "edits, warnings and log lines of one message"
    case .textBytes: "bytes of all texts that one 'body' compares"
    }
  }
}
