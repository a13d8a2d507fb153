// The limits that a policy can lower by `limits`, and that `limit_hit` tells of: their names, and
// what they are when nobody says anything. The readers' own limits are tested against these.

package enum LimitName: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  case parts, depth, headers, headerBytes, parameters, decodedBytes, messageBytes
  case archiveEntries, archiveRatio, archiveDepth
  case checks, records

  /// As in `limit_hit "header-bytes"`.
  package var name: String { Self.dashed("\(self)", by: "-") }

  /// As in `limits :header_bytes 65536`.
  package var tag: String { Self.dashed("\(self)", by: "_") }

  /// The standard value, which is the most that a policy can ask for.
  package var most: Int {
    switch self {
    case .parts, .headers: 1_000
    case .depth: 50
    case .headerBytes: 262_144
    case .parameters: 128
    case .decodedBytes: 128 << 20
    case .messageBytes: 64 << 20
    case .archiveEntries: 10_000
    case .archiveRatio: 1_000
    case .archiveDepth: 8
    case .checks: 100
    case .records: 10_000
    }
  }
}
