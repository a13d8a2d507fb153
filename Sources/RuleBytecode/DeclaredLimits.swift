// What a policy says by `limits`: it may lower what is read of a message, never raise it.

extension Program {
  /// The limits that the policy lowers.
  package var declaredLimits: [LimitName: Int] {
    guard let declared = declaration(.limits) else { return [:] }
    var limits: [LimitName: Int] = [:]
    for (name, value) in arguments(of: declared) {
      guard let limit = LimitName.allCases.first(where: { $0.name == name }),
        let number = Int(value), number > 0
      else { continue }
      limits[limit] = number
    }
    return limits
  }
}

extension Int {
  /// The limit as the policy has it: its own word where that is lower.
  package mutating func lower(to limit: Int?) { self = Swift.min(self, limit ?? self) }
}

extension InputCaps {
  /// The worst case is that of what is read.
  func lowered(by limits: [LimitName: Int]) -> InputCaps {
    var caps = self
    caps.parts.lower(to: limits[.parts])
    caps.depth.lower(to: limits[.depth])
    caps.fields.lower(to: limits[.headers])
    caps.headerBytes.lower(to: limits[.headerBytes])
    caps.decodedBytes.lower(to: limits[.decodedBytes])
    caps.readingBytes.lower(to: limits[.readingBytes])
    caps.embeddedBytes.lower(to: limits[.embeddedBytes])
    caps.documentBytes.lower(to: limits[.archiveBytes])
    caps.archiveBytes.lower(to: limits[.archiveBytes])
    caps.checks.lower(to: limits[.checks])
    caps.textBytes.lower(to: limits[.textBytes])
    return caps
  }
}
