// From orders to what becomes of each part: `EditPlan` says what holds where they disagree.
// Cost: a few passes over the parts, no recursion.

internal import MailMessage

/// What becomes of one part.
struct PartOutcome: Sendable {
  enum Base: Sendable, Equatable {
    case keep
    case drop
    case replace(Replacement)
    case enclose(Enclosure)
    /// The root of a message whose last content was dropped: an empty text/plain.
    case empty
    /// A multipart/alternative whose one part that is left takes its place.
    case hoist(child: Int)

    /// What is inside of the part goes with it.
    var covers: Bool {
      switch self {
      case .drop, .replace, .empty: true
      case .keep, .enclose, .hoist: false
      }
    }
  }

  var base = Base.keep
  /// In the order in which they are made; each kind once.
  var changes: [PartEdit] = []
  /// Of the order that settled it.
  var record: Int?
  /// Texts at its end.
  var insertions: [Insertion] = []

  var withoutInsertions: PartOutcome { PartOutcome(base: base, changes: changes) }

  /// It stays, in some form, and something is done to it.
  var isEdited: Bool { !base.covers && !(changes.isEmpty && insertions.isEmpty) }

  var isKept: Bool { base == .keep && changes.isEmpty && insertions.isEmpty }
}

struct PlanResolution {
  var outcomes: [PartOutcome]
  /// New parts before and behind the content.
  var first: [Replacement] = []
  var last: [Replacement] = []
  var mending: Mending?
  private(set) var refusals: [EditRefusal] = []
  let message: MailMessage
  let limits: EditLimits
  var seals: Seals

  init(_ plan: EditPlan, _ message: MailMessage) {
    self.message = message
    limits = plan.limits
    seals = Seals(message)
    outcomes = [PartOutcome](repeating: PartOutcome(), count: message.parts.count)
    for order in plan.partEdits { take(order) }
    cover()
    dropAlternatives()
    stripHTML(plan)
    collapse()
    addToMessage(plan)
  }

  // MARK: Parts

  private mutating func take(_ order: OrderedPartEdit) {
    let index = Seals.target(of: order.part, in: message.parts)
    if order.edit != .keep, !order.breaksSignature, let seal = seals.seal(of: index) {
      return refuse(seal.refusal(index))
    }
    if case .settype(let type) = order.edit, !isPossible(type, index) {
      return refuse(.type(type, part: index))
    }
    if order.edit.settles {
      outcomes[index].changes = []
      outcomes[index].record = order.record
    }
    switch order.edit {
    case .keep: outcomes[index].base = .keep
    case .drop: outcomes[index].base = .drop
    case .replace(let replacement): outcomes[index].base = .replace(replacement)
    case .enclose(let enclosure): outcomes[index].base = .enclose(enclosure)
    case .stripRedundantHTML: break
    case .rename, .settype, .rewrite:
      guard outcomes[index].base != .drop else { return }
      outcomes[index].changes.removeAll { $0.isSameKind(as: order.edit) }
      outcomes[index].changes.append(order.edit)
    }
  }

  mutating func refuse(_ refusal: EditRefusal) {
    if !refusals.contains(refusal) { refusals.append(refusal) }
  }

  /// A multipart stays one, and nothing else becomes one; an attached message is one by its
  /// content.
  private func isPossible(_ type: String, _ index: Int) -> Bool {
    let part = message.parts[index]
    let isComposite = MediaTypeText.isComposite(type)
    guard part.contentType.isMultipart, part.isContainer else { return !isComposite }
    // The new field must declare the boundary that is there.
    return part.parameter("boundary").map { boundary in
      !boundary.isEmpty && boundary.utf8.count <= 200
        && boundary.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    } ?? false
  }

  /// Containers come before their children, so one pass downwards settles what is covered.
  private mutating func cover() {
    var isCovered = [Bool](repeating: false, count: outcomes.count)
    for index in message.parts.indices {
      guard let parent = message.parts[index].parent else { continue }
      isCovered[index] = isCovered[parent] || outcomes[parent].base.covers
      if isCovered[index] { outcomes[index] = PartOutcome() }
    }
  }

  /// The readers of a multipart/alternative see one of its parts: with `:alternatives` they see
  /// the new one.
  private mutating func dropAlternatives() {
    for index in outcomes.indices {
      guard case .replace(let replacement) = outcomes[index].base,
        replacement.takesAlternatives, let branch = branch(of: index),
        let parent = message.parts[branch].parent
      else { continue }
      for sibling in own(parent) where sibling != branch {
        if let seal = seals.own(sibling) {
          refuse(seal.refusal(sibling))
        } else {
          outcomes[sibling] = PartOutcome(base: .drop)
          uncover(below: sibling)
        }
      }
    }
  }

  /// What is inside of a part that is dropped late is covered too.
  private mutating func uncover(below index: Int) {
    var stack = message.parts[index].children
    while let next = stack.popLast() {
      outcomes[next] = PartOutcome()
      stack += message.parts[next].children
    }
  }

  /// The branch of a multipart/alternative that the part is, or whose root it is (RFC 2387: of a
  /// multipart/related the first part).
  private func branch(of index: Int) -> Int? {
    var branch = index
    while let parent = message.parts[branch].parent {
      switch message.parts[parent].contentType.name {
      case "multipart/alternative": return branch
      case "multipart/related" where own(parent).first == branch: branch = parent
      default: return nil
      }
    }
    return nil
  }

  /// The children whose bytes are their own; what other readings found is no content of its own.
  private func own(_ index: Int) -> [Int] { message.ownChildren(of: index) }

  // MARK: Redundant HTML

  private mutating func stripHTML(_ plan: EditPlan) {
    var wanted = [Bool](repeating: false, count: outcomes.count)
    var isAsked = false
    for order in plan.partEdits where order.edit == .stripRedundantHTML {
      let index = Seals.target(of: order.part, in: message.parts)
      guard order.breaksSignature || seals.seal(of: index) == nil else { continue }
      wanted[index] = true
      isAsked = true
    }
    guard isAsked else { return }
    var isInside = wanted
    for (index, part) in message.parts.enumerated() {
      if let parent = part.parent, isInside[parent], seals.own(index) == nil {
        isInside[index] = true
      }
      guard part.contentType.name == "multipart/alternative", outcomes[index].base == .keep else {
        continue
      }
      let branches = own(index).filter { isInside[index] || wanted[$0] || isRootWanted($0, wanted) }
      strip(branches, of: index)
    }
  }

  /// The order was for the HTML in a multipart/related.
  private func isRootWanted(_ index: Int, _ wanted: [Bool]) -> Bool {
    message.parts[index].contentType.name == "multipart/related"
      && own(index).first.map { wanted[$0] } == true
  }

  private mutating func strip(_ branches: [Int], of alternative: Int) {
    let all = own(alternative)
    guard all.contains(where: saysSomething) else { return }
    var isStripped = false
    for branch in branches
    where outcomes[branch].base == .keep && isHTML(branch) && seals.own(branch) == nil {
      outcomes[branch] = PartOutcome(base: .drop)
      uncover(below: branch)
      isStripped = true
    }
    let left = all.filter { outcomes[$0].base != .drop }
    if isStripped, left.count == 1, outcomes[left[0]].isKept {
      outcomes[alternative] = PartOutcome(base: .hoist(child: left[0]))
    }
  }

  /// A plain text that is not blank: some programs send an empty one beside the HTML.
  private func saysSomething(_ index: Int) -> Bool {
    guard message.parts[index].contentType == .plainText, outcomes[index].base == .keep else {
      return false
    }
    var text: [UInt8] = []
    _ = message.appendDecodedBody(of: index, to: &text, limitBytes: limits.textBytesMax)
    return text.contains { $0 > 0x20 }
  }

  /// HTML, or HTML with the images that it shows; one that holds more is no mere copy of the text.
  private func isHTML(_ index: Int) -> Bool {
    let part = message.parts[index]
    if part.contentType.name == "text/html" { return part.disposition != "attachment" }
    guard part.contentType.name == "multipart/related" else { return false }
    let inner = own(index)
    guard let root = inner.first, message.parts[root].contentType.name == "text/html" else {
      return false
    }
    return inner.dropFirst().allSatisfy { other in
      let type = message.parts[other].contentType
      return (type.type == "image" || type.name == "text/css")
        && message.parts[other].disposition != "attachment"
    }
  }

  // MARK: Containers

  /// Upwards: a multipart whose children all go goes itself; the root of a message cannot go, so it
  /// becomes an empty text.
  private mutating func collapse() {
    for index in message.parts.indices.reversed() {
      if outcomes[index].base == .keep, message.parts[index].contentType.isMultipart,
        message.parts[index].isContainer
      {
        let own = own(index)
        if !own.isEmpty, own.allSatisfy({ outcomes[$0].base == .drop }) {
          outcomes[index] = PartOutcome(base: .drop)
        }
      }
      if outcomes[index].base == .drop, message.parts[index].isMessageRoot(in: message.parts) {
        outcomes[index] = PartOutcome(base: .empty)
      }
    }
  }
}

extension MailMessage {
  /// The children whose bytes stand in the message for themselves; what other readings found, and
  /// files inside of texts, share those of a part that is there.
  func ownChildren(of index: Int) -> [Int] {
    parts[index].children.filter { parts[$0].target == $0 }
  }
}

extension Part {
  /// The message itself, or the message inside of a message/rfc822: its header is a mail header.
  func isMessageRoot(in parts: [Part]) -> Bool {
    guard let parent else { return true }
    // What stands for a message that is elsewhere has a header too (RFC 2046 §5.2.2, §5.2.3).
    return parts[parent].contentType.type == "message"
  }
}
