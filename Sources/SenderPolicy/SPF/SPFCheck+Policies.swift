// Finding and leaving policies: that of the domain, those it includes, the one it redirects to
// (RFC 7208 §4.4 to §4.8, §5.2, §6.1). Includes are frames of a list: nothing here is recursive.

extension SPFCheck {
  mutating func askPolicy(of domain: String, _ name: DomainName) {
    asked = domain
    ask([SenderQuestion(name.text, .txt)], .policy)
  }

  mutating func readPolicy() {
    let answer = pending.only
    if answer == .failure {
      finish(.temperror, problem: .noAnswer(SenderQuestion(quoted(asked.utf8), .txt)))
      return
    }
    let records = SPFRecord.select(answer.texts)
    guard records.count == 1 else {
      if records.isEmpty { missPolicy(asked) } else { refuse(.severalRecords(domain: shownName)) }
      return
    }
    guard records[0].count <= limits.recordBytesMax else {
      refuse(.recordTooLong(bytesMax: limits.recordBytesMax))
      return
    }
    do throws(SPFProblemError) {
      frames.append(Frame(domain: asked, record: try SPFRecord(records[0])))
      values.domain = asked
      nextDirective()
    } catch {
      switch error {
      case .wrongTerm(let term): refuse(.wrongTerm(quoted(term)))
      case .repeated(let name): refuse(.repeatedModifier(name))
      }
    }
  }

  private var shownName: String { quoted(asked.utf8) }

  /// No policy is `none`, but where another policy relies on it a mistake (RFC 7208 §5.2, §6.1).
  mutating func missPolicy(_ domain: String) {
    if frames.isEmpty && askingTerms == 0 {
      finish(.none)
    } else {
      refuse(.noPolicy(domain: quoted(domain.utf8)))
    }
  }

  mutating func refuse(_ problem: SPFProblem) { finish(.permerror, problem: problem) }

  mutating func nextDirective() {
    isCounted = false
    stage = .ready
    pending.ask([])
    if !frames.isEmpty {
      frames[frames.count - 1].directive = frames[frames.count - 1].record.nextDirective()
    }
  }

  /// No directive of the last frame matched.
  mutating func runOut(_ frame: Frame) {
    guard let redirect = frame.record.redirect else {
      leave(.neutral, mechanism: nil)
      return
    }
    guard countTerm() else { return }
    guard hasNames(for: redirect, .name) else { return }
    let (name, text, _) = target(redirect)
    guard let name, name.isMailDomain else {
      refuse(.noPolicy(domain: quoted(text)))
      return
    }
    frames.removeLast()
    askPolicy(of: String(decoding: text, as: UTF8.self), name)
  }

  /// The last frame's policy says so. What it means to the one that includes it: RFC 7208 §5.2.
  mutating func leave(_ word: SPFWord, mechanism: String?) {
    var word = word
    var mechanism = mechanism
    while true {
      let left = frames.removeLast()
      guard let outer = frames.last else {
        conclude(word, mechanism, left.record.explanation)
        return
      }
      values.domain = outer.domain
      guard word == .pass, let directive = outer.directive else {
        nextDirective()
        return
      }
      word = directive.result
      mechanism = quoted(directive.text)
    }
  }

  private mutating func conclude(
    _ word: SPFWord, _ mechanism: String?, _ explanation: ArraySlice<UInt8>?
  ) {
    guard word == .fail, explanation != nil else {
      finish(word, mechanism: mechanism)
      return
    }
    verdict = Verdict(word: word, mechanism: mechanism, explanation: explanation)
    stage = .ready
    pending.ask([])
  }
}
