// What a scanner said, in one form for all of them, and as the facts `scan.NAME.*` of a policy
// (LANGUAGE.md §5).
internal import RuleBytecode

/// A header change that a scanner asks for. It is a value: whether it is done is the policy's word.
package enum ScanHeaderChange: Sendable, Equatable {
  /// - Parameter position: among the fields, 0 on top; nil is the end.
  case add(name: String, value: String, position: Int?)
  /// - Parameter occurrence: 0 is all of that name, 1 the first, -1 the last.
  case remove(name: String, occurrence: Int)
}

package struct ScanResult: Sendable, Equatable {
  package enum Word: String, Sendable, Equatable, CaseIterable {
    case clean, infected, spam, ham, suspicious
  }

  package var word: Word
  /// Of the malware.
  package var name: String?
  /// In millionths (`Decimal`), as the threshold.
  package var score: Int64?
  package var threshold: Int64?
  package var symbols: [String] = []
  /// Lines that end in LF.
  package var report: String?
  /// The scanner's own word for what should happen, as `add header`.
  package var action: String?
  package var headerChanges: [ScanHeaderChange] = []
  /// The message's header as the scanner would have it, its end not included.
  package var rewrittenHeader: [UInt8]?

  package init(_ word: Word) { self.word = word }

  /// The facts that have a value. `stars` follow from the score, so they are not said twice.
  package var facts: [String: String] {
    var facts = ["result": word.rawValue]
    facts["name"] = name
    facts["score"] = score.map(Decimal.text)
    facts["threshold"] = threshold.map(Decimal.text)
    if !symbols.isEmpty { facts["symbols"] = symbols.joined(separator: ",") }
    facts["report"] = report
    facts["action"] = action
    return facts
  }
}

package enum ScanAnswer: Sendable, Equatable {
  case result(ScanResult)
  /// Past what the scanner takes: it has not looked at it.
  case tooBig
  case failed(ScanFailure)

  /// Nil when there is no answer.
  package var facts: [String: String]? {
    switch self {
    case .result(let result): result.facts
    case .tooBig: ["result": "too-big"]
    case .failed: nil
    }
  }
}
