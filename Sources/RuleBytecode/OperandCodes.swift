// Small closed sets that stand in operand fields.

package enum EnvelopePart: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  case from, to
  package var name: String { "\(self)" }
  package var phases: PhaseSet { self == .from ? .from(.mail) : .from(.rcpt) }
}

package enum IPSide: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  case client, server, direct
  package var name: String { "\(self)" }
}

/// A property of a part that `part` compares as text; numbers have tests of their own.
package enum PartField: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  case path, name, `extension`, declared, sniffed, kind, charset, encoding, disposition, sha256
  case size, depth, reading

  package var fieldName: String { "\(self)" }
}

/// A yes-or-no question about a part.
package enum PartQuestion: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  /// It holds other parts.
  case container
  /// Declared and sniffed type belong to different families.
  case lying
}

package enum LogLevel: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  case debug, info, notice, warning, error
  package var name: String { "\(self)" }
}
