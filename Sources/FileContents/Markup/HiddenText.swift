// Which text of a page nobody sees: elements that are not shown, letters too small to read, letters
// in the colour of what is behind them.
// Trusts nothing: elements that change something are kept up to a limit, the others are not kept.

package struct HiddenText {
  /// An element that changes how its content is shown.
  private struct Open {
    let name: MarkupName
    let effect: StyleEffect
    /// Elements of that name that are open inside of it, and itself.
    var depth = 1
  }

  private let openMax: Int
  private var open: [Open] = []
  private var selectors: Set<StyleSelector> = []
  /// Of the tag that is being read.
  private var name = MarkupName()
  private var effect = StyleEffect()
  /// Whether the text that comes next is one that nobody sees.
  package private(set) var isHiding = false

  package init(openMax: Int) { self.openMax = openMax }

  /// Begins a page.
  package mutating func begin(_ selectors: Set<StyleSelector>) {
    self.selectors = selectors
    open.removeAll(keepingCapacity: true)
    isHiding = false
  }

  // MARK: The tag

  package mutating func begin(tag name: MarkupName) {
    self.name = name
    effect = StyleEffect()
    if !selectors.isEmpty, selectors.contains(StyleSelector(.element, name)) {
      effect.isHidden = true
    }
  }

  package mutating func style(_ text: [UInt8]) {
    effect.join(StyleDeclarations.effect(of: text))
  }

  package mutating func color(_ text: [UInt8]) {
    effect.color = StyleColor.read(text[...]) ?? effect.color
  }

  package mutating func background(_ text: [UInt8]) {
    guard effect.background != .unknown else { return }
    effect.background = StyleColor.read(text[...]) ?? effect.background
  }

  /// Letters stand before a picture, whatever the colour is that is shown without it.
  package mutating func backgroundPicture() { effect.background = .unknown }

  /// `hidden="until-found"` is shown to whoever looks for it.
  package mutating func attributeHidden(isUntilFound: Bool) { effect.isHidden = !isUntilFound }

  package mutating func classes(_ page: Span<UInt8>, _ range: Range<Int>) {
    guard !selectors.isEmpty else { return }
    var word = MarkupName()
    for index in range {
      if MarkupTokenizer.isBlank(page[index]) {
        select(.class, word)
        word = MarkupName()
      } else {
        word.append(page[index])
      }
    }
    select(.class, word)
  }

  package mutating func identifier(_ page: Span<UInt8>, _ range: Range<Int>) {
    guard !selectors.isEmpty else { return }
    var word = MarkupName()
    for index in range { word.append(page[index]) }
    select(.identifier, word)
  }

  private mutating func select(_ kind: StyleSelector.Kind, _ word: MarkupName) {
    if word.count > 0, selectors.contains(StyleSelector(kind, word)) { effect.isHidden = true }
  }

  // MARK: Elements

  /// The tag is read: its content begins.
  package mutating func open(isEmpty: Bool, isParagraph: Bool) {
    if isEmpty { return }
    // A paragraph ends where the next one begins.
    let endsLast = isParagraph && open.last?.name == name && open.last?.depth == 1
    if endsLast { open.removeLast() }
    for index in open.indices where open[index].name == name { open[index].depth += 1 }
    let isKept = effect.changesText && open.count < openMax
    if isKept { open.append(Open(name: name, effect: effect)) }
    if isKept || endsLast { decide() }
    // What cannot be followed any more is taken for what it wants to be.
    if open.count >= openMax, effect.isHidden { isHiding = true }
  }

  package mutating func close(_ name: MarkupName) {
    guard !open.isEmpty else { return }
    for index in open.indices.reversed() where open[index].name == name {
      open[index].depth -= 1
    }
    guard let closed = open.firstIndex(where: { $0.depth <= 0 }) else { return }
    open.removeSubrange(closed...)
    decide()
  }

  private mutating func decide() {
    var state = StyleEffect()
    for one in open { state.join(one.effect) }
    isHiding = state.isUnreadable
  }
}
