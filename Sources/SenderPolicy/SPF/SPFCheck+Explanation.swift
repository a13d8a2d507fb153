// What a domain wants said to whoever it refuses (RFC 7208 §6.2). A stranger writes it into replies
// and logs of ours: it is cut to size and holds printable ASCII only. Whatever is wrong with it,
// the result stands without it; what it asks the DNS counts against no limit, since it is
// asked once.

extension SPFCheck {
  mutating func explain() {
    guard let verdict, let spec = verdict.explanation else { return }
    if let text = verdict.text {
      guard hasNames(for: text[...], .explanation) else { return }
      let expanded = values.expand(
        text[...], .explanation, bytesMax: limits.explanationBytesMax, keepsEnd: false)
      conclude(expanded.printable(bytesMax: limits.explanationBytesMax))
      return
    }
    guard hasNames(for: spec, .name) else { return }
    guard let name = target(spec).name else {
      conclude(nil)
      return
    }
    ask([SenderQuestion(name.text, .txt)], .explanation)
  }

  mutating func readExplanation() {
    let texts = pending.only.texts
    guard texts.count == 1, !texts[0].isEmpty, texts[0].count <= limits.recordBytesMax,
      MacroReader.isText(texts[0][...], .explanation)
    else {
      conclude(nil)
      return
    }
    verdict?.text = texts[0]
    pending.ask([])
    stage = .ready
  }

  private mutating func conclude(_ explanation: String?) {
    finish(verdict?.word ?? .fail, mechanism: verdict?.mechanism, explanation: explanation)
  }
}
