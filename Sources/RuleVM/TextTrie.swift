// Many texts looked for in one pass (Aho and Corasick, "Efficient string matching", 1975), with a
// filter in front of the automaton: the first four bytes of each text, hashed to a bit. Nearly all
// places of a mail fail there, in a loop whose steps do not wait for each other, where the states
// of an automaton would; it takes about a nanosecond a byte. Where the bit is set the automaton
// runs, until it has left the text that was begun. No byte is read more often than a fixed number
// of times whatever sender and policy write.

struct TextTrie: Sendable {
  /// Bytes that the filter looks at, and the shortest text: of three bytes all that can follow is
  /// entered.
  private static let windowBytes = 4
  static let textBytesMin = 3
  static let textBytesMax = 255

  // States level by level, the root first: the children of a state are neighbours, and those of
  // the next state follow. So a state is five numbers.
  /// By state and one more.
  private var firstChild: [UInt32] = []
  /// The byte that leads into a state.
  private var byteInto: [UInt8] = []
  private var depths: [UInt8] = []
  /// The longest proper suffix that is a state too.
  private var fallbacks: [UInt32] = []
  /// The text that ends in a state, plus one; 0 for none.
  private var textEnding: [UInt32] = []
  /// The state itself or the nearest of its suffixes in which a text ends; the root for none.
  private var reports: [UInt32] = []
  /// Of the first bytes of all texts, by hash.
  private var starts = Array(repeating: UInt64(0), count: 1 << 10)
  /// Children of the root by byte; the root itself for none.
  private var rootChildren = Array(repeating: UInt32(0), count: 256)

  /// - Parameter texts: in order and unique, with ASCII letters in lower case, none shorter than
  ///   `textBytesMin` or longer than `textBytesMax`. Their number and bytes are the caller's to
  ///   bound: each byte takes some 15 of memory.
  init(sorted texts: [[UInt8]]) {
    addStates(texts)
    for child in children(of: 0) { rootChildren[Int(byteInto[child])] = UInt32(child) }
    addFallbacks()
    for text in texts { addStart(text) }
  }

  var stateCount: Int { byteInto.count }

  // MARK: Building

  /// A state stands for the texts that share its bytes: a run of the sorted texts.
  private mutating func addStates(_ texts: [[UInt8]]) {
    var runs = [0..<texts.count]
    byteInto = [0]
    depths = [0]
    textEnding = [0]
    var state = 0
    while state < runs.count {
      let (run, depth) = (runs[state], Int(depths[state]))
      firstChild.append(UInt32(runs.count))
      var low = run.lowerBound
      if low < run.upperBound, texts[low].count == depth {
        textEnding[state] = UInt32(low + 1)
        low += 1
      }
      while low < run.upperBound {
        let byte = texts[low][depth]
        var high = low + 1
        while high < run.upperBound, texts[high][depth] == byte { high += 1 }
        runs.append(low..<high)
        byteInto.append(byte)
        depths.append(UInt8(depth + 1))
        textEnding.append(0)
        low = high
      }
      state += 1
    }
    firstChild.append(UInt32(runs.count))
  }

  private mutating func addFallbacks() {
    fallbacks = Array(repeating: 0, count: stateCount)
    reports = Array(repeating: 0, count: stateCount)
    for state in 0..<stateCount {
      // A suffix is shorter, so it stands before and is done.
      for child in children(of: state) {
        let suffix = state == 0 ? 0 : follow(Int(fallbacks[state]), byteInto[child])
        fallbacks[child] = UInt32(suffix)
        reports[child] = textEnding[child] > 0 ? UInt32(child) : reports[suffix]
      }
    }
  }

  private mutating func addStart(_ text: [UInt8]) {
    var window: UInt32 = 0
    for byte in text.prefix(Self.windowBytes) { window = window << 8 | UInt32(byte | 0x20) }
    guard text.count < Self.windowBytes else { return addStart(window) }
    for last in UInt32(0)...255 where last & 0x20 != 0 { addStart(window << 8 | last) }
  }

  private mutating func addStart(_ window: UInt32) {
    let hash = Self.hash(window)
    starts[hash >> 6] |= 1 << UInt64(hash & 63)
  }

  /// Of four bytes with bit 5 set, which makes one of the two cases of a letter, and of some pairs
  /// of other characters one.
  @inline(__always)
  private static func hash(_ window: UInt32) -> Int {
    Int((window &* 0x9E37_79B1) >> 16)
  }

  // MARK: Following

  private func children(of state: Int) -> Range<Int> {
    Int(firstChild[state])..<Int(firstChild[state + 1])
  }

  private func child(of state: Int, _ byte: UInt8) -> Int? {
    var (low, high) = (Int(firstChild[state]), Int(firstChild[state + 1]))
    while low < high {
      let middle = (low + high) / 2
      let found = byteInto[middle]
      if found == byte { return middle }
      if found < byte { low = middle + 1 } else { high = middle }
    }
    return nil
  }

  private func follow(_ state: Int, _ byte: UInt8) -> Int {
    var state = state
    while state != 0 {
      if let next = child(of: state, byte) { return next }
      state = Int(fallbacks[state])
    }
    return Int(rootChildren[Int(byte)])
  }

  // MARK: Searching

  /// Sets the bit of each text that occurs, ASCII letters in either case.
  func mark(_ text: Span<UInt8>, in found: inout [UInt64]) {
    let bits = starts.span
    var index = 0
    while index + Self.windowBytes <= text.count {
      var window =
        UInt32(text[index] | 0x20) << 16 | UInt32(text[index + 1] | 0x20) << 8
        | UInt32(text[index + 2] | 0x20)
      index += 3
      var hit = false
      while index < text.count {
        window = window << 8 | UInt32(text[index] | 0x20)
        index += 1
        let hash = Self.hash(window)
        if bits[hash >> 6] & (1 << UInt64(hash & 63)) != 0 {
          hit = true
          break
        }
      }
      guard hit else { break }
      index = walk(text, from: index - Self.windowBytes, &found)
    }
    // A text of three bytes may be the end.
    if text.count >= Self.textBytesMin { _ = walk(text, from: text.count - 3, &found) }
  }

  /// Runs the automaton from a place on.
  /// - Returns: Where it is to be begun next: all that begins before has been seen.
  private func walk(_ text: Span<UInt8>, from start: Int, _ found: inout [UInt64]) -> Int {
    var state = 0
    var index = start
    while index < text.count {
      state = follow(state, text[index].foldedASCII)
      index += 1
      let depth = Int(depths[state])
      // The filter tells more of a short beginning than the automaton.
      if depth < Self.windowBytes, depth < index - start { return index - depth }
      if reports[state] != 0 { report(Int(reports[state]), &found) }
    }
    return index
  }

  /// A text that has been seen has brought its suffixes with it.
  private func report(_ state: Int, _ found: inout [UInt64]) {
    var state = state
    while state != 0 {
      let text = Int(textEnding[state]) - 1
      if found[text >> 6] & (1 << UInt64(text & 63)) != 0 { return }
      found[text >> 6] |= 1 << UInt64(text & 63)
      state = Int(reports[Int(fallbacks[state])])
    }
  }
}
