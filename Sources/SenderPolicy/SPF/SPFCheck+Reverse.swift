// The names of the client's address that lead back to it (RFC 7208 §5.5): mechanism `ptr` and macro
// `p`. They are the same throughout a check, so they are looked up once. Whoever owns the address
// writes them.

import RuleBytecode

extension SPFCheck {
  /// True when macro `p` is not used, or its names are known; else they are asked for first.
  mutating func hasNames(for spec: ArraySlice<UInt8>?, _ place: MacroReader.Place) -> Bool {
    guard values.validatedNames == nil, let spec, MacroReader.needsNames(spec, place) else {
      return true
    }
    askNames(counts: false)
    return false
  }

  private mutating func askNames(counts: Bool) {
    countsReverse = counts
    ask([SenderQuestion(values.address.reverseName, .ptr)], .reverseNames)
  }

  mutating func reverse(_ spec: ArraySlice<UInt8>?) {
    guard let names = values.validatedNames else {
      askNames(counts: true)
      return
    }
    guard let domain = target(spec).name else {
      nextDirective()
      return
    }
    decide(names.contains { $0 == domain || $0.isSubdomain(of: domain) })
  }

  /// No answer means no names: the mechanism does not match, the macro is `unknown`.
  mutating func askReverseAddresses() {
    let answer = pending.only
    if countsReverse, answer.isVoid {
      voidTerms += 1
      guard voidTerms <= limits.voidTermsMax else {
        refuse(.tooManyVoidTerms(max: limits.voidTermsMax))
        return
      }
    }
    let type: SenderRecordType = values.address.isIPv4 ? .a : .aaaa
    let names = answer.names.prefix(limits.reverseNamesMax).compactMap { DomainName($0) }
    ask(names.map { SenderQuestion($0.text, type) }, .reverseAddresses(names))
  }

  /// Names whose addresses cannot be had are left out.
  mutating func readReverseAddresses(_ names: [DomainName]) {
    let type: SenderRecordType = values.address.isIPv4 ? .a : .aaaa
    values.validatedNames = names.filter { name in
      pending[SenderQuestion(name.text, type)].addresses.contains(values.address)
    }
    pending.ask([])
    stage = .ready
  }
}
