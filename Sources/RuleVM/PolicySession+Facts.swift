// The facts of a session: texts that the MTA gives, kept as long as what they are about.
package import RuleBytecode

extension PolicySession {
  /// Gives a fact its text; the empty text makes it absent.
  package func set(_ fact: Fact, _ text: some Collection<UInt8>) {
    machine.facts[fact] =
      text.isEmpty ? nil : kept(text, outlivesMessage: fact.outlivesMessage, isName: !fact.isLong)
  }

  /// A fact's text in its space. One that does not fit is no absent fact: the next run is given up.
  func kept(
    _ text: some Collection<UInt8>, outlivesMessage: Bool, isName: Bool = false
  ) -> TextWord? {
    do throws(Trap) {
      let bytesMax = isName ? machine.limits.nameBytesMax : machine.limits.factBytesMax
      guard text.count <= bytesMax else { throw .spaceFull(name: "a fact", bytesMax: bytesMax) }
      return outlivesMessage
        ? try machine.keepForSession(text) : try machine.keepForMessage(text)
    } catch {
      factTrap = error
      return nil
    }
  }

  /// Each switch of the policy has its declared value or the one that it was given.
  func setSwitches(_ given: [String: String]) {
    let program = policy.program.program
    for declared in program.declarations where declared.role == .switch {
      let name = program.string(declared.name)
      let own = program.arguments(of: declared).first { $0.name == "value" }?.value
      let value = given[name] ?? own ?? ""
      guard let word = kept(value.utf8, outlivesMessage: true) else { continue }
      machine.facts.switches[Array(name.utf8)] = value.isEmpty ? nil : word
    }
  }

  /// A macro of the MTA, by the name it sends: `i`, `{auth_authen}`.
  package func setMacro(_ name: [UInt8], _ value: [UInt8], outlivesMessage: Bool) {
    guard let word = kept(value, outlivesMessage: outlivesMessage) else { return }
    machine.facts.setMacro(MacroName.bare(name), word, outlivesMessage: outlivesMessage)
    guard let fact = MacroName.fact(for: name) else { return }
    if fact == .tlsVerified {
      set(fact, value.elementsEqual("OK".utf8) ? Array("yes".utf8) : [])
    } else if fact != .serverIP || machine.facts[.serverIP] == nil {
      set(fact, value)
    }
  }

  /// ESMTP arguments by keyword; one without `=` has the empty value.
  func keep(_ arguments: [[UInt8]]) -> [[UInt8]: TextWord] {
    var result: [[UInt8]: TextWord] = [:]
    for argument in arguments {
      let split = argument.firstIndex(of: UInt8(ascii: "="))
      let name = argument[..<(split ?? argument.endIndex)].map(\.upperASCII)
      let value = split.map { argument[($0 + 1)...] } ?? []
      if let word = kept(value, outlivesMessage: false) { result[name] = word }
    }
    return result
  }

  /// Postfix knows the queue id at MAIL only for mail that did not come by SMTP, sendmail knows it
  /// always; so for the latter this host and our own clients are told apart by their address
  /// (LANGUAGE.md §6).
  var knowsQueueID: Bool {
    guard machine.facts[.queueID] != nil else { return false }
    guard let word = machine.facts[.clientIP] else { return true }
    return isLoopback(machine.bytes(of: word, policy.program))
      || machine.isOwnClient(policy.program)
  }

  /// Asked at each MAIL; what begins with another figure than those of 127.0.0.1 and ::1 in all
  /// their forms is not parsed.
  private func isLoopback(_ address: ArraySlice<UInt8>) -> Bool {
    guard let first = address.first else { return false }
    switch first {
    case UInt8(ascii: "2")...UInt8(ascii: "9"): return false
    case UInt8(ascii: "1") where !address.starts(with: "127".utf8): return false
    default: return IPAddress(String(decoding: address, as: UTF8.self))?.isLoopback ?? false
    }
  }
}
