// Edits that are for no part of their own: texts for the readers, new parts, mending. Which parts
// they go to is said here.

internal import MailMessage

extension PlanResolution {
  mutating func addToMessage(_ plan: EditPlan) {
    var warnings: [[UInt8]] = []
    var links: [[UInt8]] = []
    var disclaimers: [(insertion: Insertion, all: Bool, breaks: Bool)] = []
    var breaks = false
    for order in plan.messageEdits {
      if case .canonicalize(let only) = order.edit {
        mending = (mending ?? Mending()).adding(only, breaksSignature: order.breaksSignature)
        // Its own header is mended all the same.
        if !order.breaksSignature, !outcomes[0].base.covers, let seal = seals.own(0) {
          refuse(seal.refusal(0))
        }
        continue
      }
      guard isTopOpen(order) else { continue }
      switch order.edit {
      case .warn(let text): warnings.append(text)
      case .link(let text): if isLive(order) { links.append(text) }
      case .disclaimer(let insertion, let all):
        disclaimers.append((insertion, all, order.breaksSignature))
        continue
      case .addPart(let part, let isFirst):
        if isFirst { first.append(part) } else { last.append(part) }
      case .canonicalize: break
      }
      breaks = breaks || order.breaksSignature
    }
    addLinks(links, breaks)
    addWarnings(warnings, plan, breaks)
    for one in disclaimers { addDisclaimer(one.insertion, all: one.all, one.breaks) }
  }

  /// What stands in a new top beside signed mail is no longer what was signed.
  private mutating func isTopOpen(_ order: OrderedMessageEdit) -> Bool {
    guard !order.breaksSignature, !outcomes[0].base.covers, let seal = seals.own(0) else {
      return true
    }
    refuse(seal.refusal(0))
    return false
  }

  /// A link is listed while the order for its part holds.
  private func isLive(_ order: OrderedMessageEdit) -> Bool {
    order.record == nil || outcomes.contains { $0.record == order.record }
  }

  // MARK: Texts for the readers

  private mutating func addWarnings(_ warnings: [[UInt8]], _ plan: EditPlan, _ breaks: Bool) {
    guard !warnings.isEmpty else { return }
    let text = WarningText.text(warnings, plan.style, limits)
    if plan.style.place == .inline,
      addToFirst(Insertion(block: text, isLinked: false), breaks)
    {
      return
    }
    let part = Replacement(text: text, name: "warning.txt")
    if plan.style.place == .last { last.append(part) } else { first.insert(part, at: 0) }
  }

  /// One list of all links, so that nobody has to look for the parts that are gone.
  private mutating func addLinks(_ links: [[UInt8]], _ breaks: Bool) {
    guard !links.isEmpty else { return }
    var text: [UInt8] = []
    for link in links {
      text += link
      if let last = link.last, last != 0x0A { text.append(0x0A) }
    }
    guard !addToFirst(Insertion(block: text, isLinked: true), breaks) else { return }
    last.append(Replacement(text: text, name: "links.txt"))
  }

  private mutating func addDisclaimer(_ insertion: Insertion, all: Bool, _ breaks: Bool) {
    var isDone = false
    if case .replace(var replacement) = outcomes[0].base {
      isDone = replacement.insert(insertion)
      outcomes[0].base = .replace(replacement)
    }
    for type in Self.textTypes
    where type == "text/html" ? insertion.html != nil : insertion.text != nil {
      for part in texts(type, breaks).prefix(all ? .max : 1) {
        isDone = true
        if !outcomes[part].insertions.contains(insertion) {
          outcomes[part].insertions.append(insertion)
        }
      }
    }
    if !isDone { refuse(.noText) }
  }

  /// Into the first plain text and the first HTML; false where there is neither.
  private mutating func addToFirst(_ insertion: Insertion, _ breaks: Bool) -> Bool {
    var isDone = false
    for type in Self.textTypes {
      guard let part = texts(type, breaks).first else { continue }
      outcomes[part].insertions.append(insertion)
      isDone = true
    }
    return isDone
  }

  private static let textTypes = ["text/plain", "text/html"]

  /// The texts of this type that the message itself shows, in their order: no files, nothing of
  /// attached messages, nothing that goes, is new, or is sealed.
  private mutating func texts(_ type: String, _ breaksSignature: Bool) -> [Int] {
    var found: [Int] = []
    var isOut = [Bool](repeating: false, count: outcomes.count)
    for (index, part) in message.parts.enumerated() {
      if let parent = part.parent {
        isOut[index] = isOut[parent] || !message.parts[parent].contentType.isMultipart
      }
      let base = outcomes[index].base
      if base.covers || part.target != index { isOut[index] = true }
      if case .enclose = base { isOut[index] = true }
      guard !isOut[index] else { continue }
      if !breaksSignature, seals.own(index) != nil {
        isOut[index] = true
      } else if part.contentType.name == type, isShown(part) {
        found.append(index)
      }
    }
    return found
  }

  private func isShown(_ part: Part) -> Bool {
    !part.isContainer && part.disposition != "attachment" && part.encoding != .unknown
      && part.encoding != .uuencode && part.names.isEmpty
  }
}

extension Replacement {
  /// Into a text that is the whole message; false where it is none.
  fileprivate mutating func insert(_ insertion: Insertion) -> Bool {
    guard !isWholePart else { return false }
    let isHTML = MediaTypeText(type).name == "text/html"
    guard let new = isHTML ? insertion.html : insertion.text, MediaTypeText(type).isText else {
      return false
    }
    if let mark = insertion.mark, text.span.firstIndex(of: mark.span) != nil { return true }
    if let last = text.last, last != 0x0A { text.append(0x0A) }
    text += new
    return true
  }
}
