// Swift source with comments and strings blanked out, and the functions in what is left. No parser:
// it knows strings, comments, brackets and the words that begin a declaration, which is all that
// limits on length and on words need.

struct SwiftCode: Sendable {
  /// A function, initializer, subscript, computed property or stored closure.
  struct Body: Equatable, Sendable {
    let name: String
    /// 1-based line of its first word.
    let line: Int
    /// From that line to its closing brace.
    let lineCount: Int
  }

  /// The source; each byte of a comment or string is a blank, line ends stay.
  let bytes: [UInt8]
  let bodies: [Body]
  /// False when braces do not pair: then the rest means little.
  let isBalanced: Bool

  init(_ text: String) {
    var blanker = Blanker(Array(text.utf8))
    bytes = blanker.blanked()
    var reader = BodyReader(bytes)
    isBalanced = reader.read()
    bodies = reader.bodies
  }

  /// Lines (1-based) on which the word stands, not as a part of another.
  func lines(withWord word: String) -> [Int] {
    let word = Array(word.utf8)
    var found: [Int] = []
    var line = 1
    var index = 0
    while index < bytes.count {
      if bytes[index] == 10 { line += 1 }
      if bytes[index] == word[0], isWord(word, at: index) {
        found.append(line)
        index += word.count
      } else {
        index += 1
      }
    }
    return found
  }

  private func isWord(_ word: [UInt8], at index: Int) -> Bool {
    guard index + word.count <= bytes.count, bytes[index..<index + word.count].elementsEqual(word),
      index == 0 || !bytes[index - 1].isWordByte
    else { return false }
    let end = index + word.count
    return end == bytes.count || !bytes[end].isWordByte
  }

  /// Modules that the file imports.
  var imports: [String] {
    String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ")
      guard let place = words.firstIndex(of: "import"), place < words.count - 1,
        words[..<place].allSatisfy({ Self.importModifiers.contains(String($0)) })
      else { return nil }
      return String(words[words.count - 1].prefix { $0 != "." })
    }
  }

  private static let importModifiers: Set = [
    "public", "package", "internal", "fileprivate", "private", "@testable", "@preconcurrency",
  ]
}

extension UInt8 {
  var isWordByte: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...0xff:
      true
    default: false
    }
  }
}

/// Blanks comments and strings. Code inside `\(…)` stays.
private struct Blanker {
  private enum Mode {
    case code
    case interpolation(depth: Int)
    case string(isLong: Bool, hashes: Int)
  }

  private var bytes: [UInt8]
  private var modes: [Mode] = [.code]
  private var at = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func blanked() -> [UInt8] {
    while at < bytes.count {
      if case .string(let isLong, let hashes) = modes[modes.count - 1] {
        stepInString(isLong, hashes)
      } else {
        stepInCode()
      }
    }
    return bytes
  }

  private mutating func blank(_ count: Int) {
    for index in at..<min(at + count, bytes.count) where bytes[index] != 10 { bytes[index] = 32 }
    at += count
  }

  private func has(_ text: StaticString, at index: Int) -> Bool {
    let wanted = Array("\(text)".utf8)
    return index + wanted.count <= bytes.count
      && bytes[index..<index + wanted.count].elementsEqual(wanted)
  }

  private func hashes(at index: Int) -> Int {
    bytes[min(index, bytes.count)...].prefix { $0 == UInt8(ascii: "#") }.count
  }

  private mutating func stepInCode() {
    switch bytes[at] {
    case UInt8(ascii: "/") where has("//", at: at):
      blank(bytes[at...].prefix { $0 != 10 }.count)
    case UInt8(ascii: "/") where has("/*", at: at): blankComment()
    case UInt8(ascii: "\""), UInt8(ascii: "#"): beginString()
    case UInt8(ascii: "("): nest(by: 1)
    case UInt8(ascii: ")"): nest(by: -1)
    default: at += 1
    }
  }

  /// Block comments nest.
  private mutating func blankComment() {
    var depth = 0
    repeat {
      if has("/*", at: at) {
        depth += 1
        blank(2)
      } else if has("*/", at: at) {
        depth -= 1
        blank(2)
      } else {
        blank(1)
      }
    } while depth > 0 && at < bytes.count
  }

  private mutating func beginString() {
    let hashes = hashes(at: at)
    guard has("\"", at: at + hashes) else {
      at += max(1, hashes)
      return
    }
    // Text on the same line: then it is a string that begins with quotes, as #"""#.
    let isLong = has("\"\"\"\n", at: at + hashes)
    modes.append(.string(isLong: isLong, hashes: hashes))
    blank(hashes + (isLong ? 3 : 1))
  }

  private mutating func nest(by change: Int) {
    guard case .interpolation(let depth) = modes[modes.count - 1] else {
      at += 1
      return
    }
    if depth + change == 0 {
      modes.removeLast()
      blank(1)
    } else {
      modes[modes.count - 1] = .interpolation(depth: depth + change)
      at += 1
    }
  }

  private mutating func stepInString(_ isLong: Bool, _ hashes: Int) {
    if has("\\", at: at), self.hashes(at: at + 1) >= hashes {
      let isInterpolation = has("(", at: at + 1 + hashes)
      blank(2 + hashes)
      if isInterpolation { modes.append(.interpolation(depth: 1)) }
    } else if isEnd(isLong, hashes) {
      blank((isLong ? 3 : 1) + hashes)
      modes.removeLast()
    } else if bytes[at] == 10, !isLong {
      // A quote in a regular expression, or no Swift at all: the line's end ends it.
      modes.removeLast()
    } else {
      blank(1)
    }
  }

  private func isEnd(_ isLong: Bool, _ hashes: Int) -> Bool {
    let quotes = isLong ? 3 : 1
    return (isLong ? has("\"\"\"", at: at) : has("\"", at: at))
      && self.hashes(at: at + quotes) >= hashes
  }
}

/// Finds the bodies: what stands before a brace says what it opens.
private struct BodyReader {
  private struct Open {
    let name: String?
    let line: Int
  }

  private static let bodyWords: Set = ["func", "init", "deinit", "subscript", "var", "let"]
  private static let otherWords: Set = [
    "if", "for", "while", "repeat", "switch", "guard", "do", "catch", "else", "defer", "class",
    "struct", "enum", "extension", "protocol", "actor", "case", "return",
  ]

  private let bytes: [UInt8]
  private(set) var bodies: [SwiftCode.Body] = []
  private var open: [Open] = []
  /// What the latest keyword outside of brackets announced.
  private var announced: Open?
  private var isNameNext = false
  /// Behind `if`, `case` and their like a `let` begins no body.
  private var isCondition = false
  private var brackets = 0
  /// Brackets open at each brace: a closure among arguments begins again at none.
  private var outerBrackets: [Int] = []
  private var line = 1

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// False when braces do not pair.
  mutating func read() -> Bool {
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      if byte.isWordByte {
        let word = bytes[index...].prefix(while: \.isWordByte)
        take(word, isMember: index > 0 && bytes[index - 1] == UInt8(ascii: "."))
        index = word.endIndex
        continue
      }
      index += 1
      switch byte {
      case 10:
        line += 1
        isCondition = false
      case UInt8(ascii: "("), UInt8(ascii: "["): brackets += 1
      case UInt8(ascii: ")"), UInt8(ascii: "]"): brackets -= 1
      case UInt8(ascii: "{"): openBrace()
      case UInt8(ascii: "}"): if !closeBrace() { return false }
      default: break
      }
    }
    return open.isEmpty
  }

  private mutating func take(_ bytes: ArraySlice<UInt8>, isMember: Bool) {
    guard brackets == 0, !isMember else { return }
    let word = String(decoding: bytes, as: UTF8.self)
    if isNameNext {
      announced = Open(name: word, line: announced?.line ?? line)
      isNameNext = false
    } else if Self.bodyWords.contains(word), !isCondition || word == "func" {
      announced = Open(name: word, line: line)
      isNameNext = word == "func" || word == "var" || word == "let"
    } else if Self.otherWords.contains(word) {
      announced = nil
      isCondition = true
    }
  }

  private mutating func openBrace() {
    let anonymous = Open(name: nil, line: line)
    open.append(brackets == 0 ? announced ?? anonymous : anonymous)
    outerBrackets.append(brackets)
    brackets = 0
    announced = nil
    isNameNext = false
  }

  private mutating func closeBrace() -> Bool {
    guard let block = open.popLast(), let outer = outerBrackets.popLast() else { return false }
    brackets = outer
    announced = nil
    isNameNext = false
    guard let name = block.name else { return true }
    bodies.append(.init(name: name, line: block.line, lineCount: line - block.line + 1))
    return true
  }
}
