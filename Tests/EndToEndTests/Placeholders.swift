// Words in braces: what a case cannot know beforehand, such as its folder, a port, or the id that a
// command has printed.
import Foundation

extension String {
  /// With each `{name}` that is known filled in; others stay, as `{queue-id}` does.
  func filled(_ words: [String: String]) -> String {
    words.reduce(self) { $0.replacing("{\($1.key)}", with: $1.value) }
  }

  /// Finds this text in an output. `{=name}` stands for a word without blanks, which is taken out;
  /// all else for itself. Nil when it is not there.
  func taking(from output: String) -> [String: String]? {
    guard let open = firstRange(of: "{="), let close = self[open.upperBound...].firstIndex(of: "}")
    else { return output.contains(self) ? [:] : nil }
    let before = NSRegularExpression.escapedPattern(for: String(self[..<open.lowerBound]))
    let after = NSRegularExpression.escapedPattern(for: String(self[index(after: close)...]))
    let word = after.isEmpty ? "(\\S+)" : "(\\S+?)"
    guard let pattern = try? Regex(before + word + after),
      let found = output.firstMatch(of: pattern), let taken = found.output[1].substring
    else { return nil }
    return [String(self[open.upperBound..<close]): String(taken)]
  }
}

extension ExpectedDelivery {
  func filled(_ words: [String: String]) -> ExpectedDelivery {
    var copy = self
    copy.fields = fields.map { $0.filled(words) }
    copy.bodyHas = bodyHas.map { $0.filled(words) }
    copy.bodyLacks = bodyLacks.map { $0.filled(words) }
    copy.reading = reading.filled(words)
    return copy
  }
}
