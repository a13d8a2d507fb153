// Under which names domains are handed out: `example.co.uk` is one organisation's, `co.uk` is
// nobody's. The list is that of https://publicsuffix.org/list/, as a distribution installs it; its
// text is trusted as far as the package manager is.

internal import RuleBytecode

/// The list of public suffixes, immutable; one for all sessions.
package final class PublicSuffixList: Sendable {
  /// Where Debian's package `publicsuffix` puts it.
  package static let standardPath = "/usr/share/publicsuffix/public_suffix_list.dat"
  /// The list has some 300 KB.
  package static let bytesMax = 16 << 20

  private let names: Set<String>
  /// `*.ck` by what stands behind the star.
  private let wildcards: Set<String>
  /// `!www.ck`: a name of its own although the star means it.
  private let exceptions: Set<String>
  /// Of the longest rule: nothing further left needs to be looked at.
  private let labelsMax: Int

  /// Reads the list's text; nil when it holds no rule.
  package init?(_ bytes: [UInt8]) {
    var names: Set<String> = []
    var wildcards: Set<String> = []
    var exceptions: Set<String> = []
    var labelsMax = 1
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      // A rule ends at the first blank; the rest of its line says nothing.
      let text = line.prefix { $0 != 32 && $0 != 9 && $0 != 13 }
      guard let first = text.first, !text.starts(with: [0x2F, 0x2F]) else { continue }
      let isException = first == UInt8(ascii: "!")
      let isWildcard = text.starts(with: [0x2A, 0x2E])
      let rule = text.dropFirst(isException ? 1 : isWildcard ? 2 : 0)
      guard let name = DomainLabels.ascii(String(decoding: rule, as: UTF8.self)) else { continue }
      labelsMax = max(labelsMax, name.split(separator: ".").count + (isWildcard ? 1 : 0))
      if isException {
        exceptions.insert(name)
      } else if isWildcard {
        wildcards.insert(name)
      } else {
        names.insert(name)
      }
    }
    guard !names.isEmpty else { return nil }
    self.names = names
    self.wildcards = wildcards
    self.exceptions = exceptions
    self.labelsMax = labelsMax
  }

  /// The organisation's domain, in lower case and ASCII: the public suffix and one label more (RFC
  /// 7489 §3.2). Nil for a suffix itself, and for what is no domain.
  package func organisation(of domain: String) -> String? {
    guard domain.utf8.count <= 255, let name = DomainLabels.ascii(domain) else { return nil }
    let labels = name.split(separator: ".", omittingEmptySubsequences: false)
    guard labels.count > 1, labels.allSatisfy({ !$0.isEmpty }),
      labels.last?.allSatisfy(\.isNumber) == false
    else { return nil }
    let count = suffixCount(labels)
    guard labels.count > count else { return nil }
    return labels.suffix(count + 1).joined(separator: ".")
  }

  /// How many labels the longest rule takes; a top-level domain that no rule names is one itself.
  private func suffixCount(_ labels: [Substring]) -> Int {
    for count in stride(from: min(labelsMax, labels.count), to: 0, by: -1) {
      let name = labels.suffix(count).joined(separator: ".")
      if exceptions.contains(name) { return count - 1 }
      if names.contains(name) { return count }
      if count > 1, wildcards.contains(labels.suffix(count - 1).joined(separator: ".")) {
        return count
      }
    }
    return 1
  }
}
