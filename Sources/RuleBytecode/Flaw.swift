// Each way an image can be wrong, as a case: tests reach every one of them.

/// The sections of an image, in the order in which they stand.
package enum Section: UInt32, CaseIterable, BitwiseCopyable, Sendable {
  case sourceDigest = 1
  case stringBytes, strings, numbers, entries, sets, specs, variables, policies, replies
  case queries, actions, checks, tables, declarations, timers, files, rules, probes, sourceMap,
    blocks, functionCount
  case phases, code

  package var name: String { "\(self)" }
}

/// Why an image is refused.
package enum Flaw: Error, Equatable, Sendable {
  // The envelope.
  case tooLarge(byteCount: Int)
  case tooShort(byteCount: Int)
  case notAnImage
  case unknownVersion(UInt32)
  case wrongLength(declared: Int, actual: Int)
  case wrongDigest
  case unknownSection(UInt32)
  case sectionOutOfOrder(Section)
  case missingSection(Section)
  case sectionLength(Section)
  case trailingBytes(Int)
  // The sections.
  case tooMuchWork(steps: Int)
  case unknownValue(Section, index: Int)
  case indexOutOfRange(Section, index: Int)
  case stringOutOfBounds(index: Int)
  case notUTF8(Section, index: Int)
  case setNotSorted(index: Int)
  case malformedEntry(set: Int)
  case keysOutsideBank(spec: Int)
  case textsOutsideBank(Section, index: Int)
  case keysMissing(spec: Int)
  case placesNotAscending(index: Int)
  case blockOrder(index: Int)
  case functionCount(UInt32)
  case duplicatePhase(Phase)
  case unreachableBlock(index: Int)
  // The code.
  case unknownOpcode(at: Int)
  case fieldNotZero(at: Int)
  case wrongBank(at: Int)
  case operandOutOfRange(at: Int)
  case targetNotForward(at: Int)
  case targetOutsideBlock(at: Int)
  case callNotBackward(at: Int)
  case loopOutOfPlace(at: Int)
  case callTooDeep(at: Int)
  case returnOutsideFunction(at: Int)
  case blockDoesNotEnd(index: Int)
  case phase(Phase, at: Int)

  /// One sentence for whoever wanted to load the image.
  package var message: String {
    switch self {
    case .tooLarge(let count): "\(count) bytes are more than an image may have"
    case .tooShort(let count): "\(count) bytes are too few for an image"
    case .notAnImage: "this is not a compiled policy"
    case .unknownVersion(let version):
      "format version \(version) is not the one this program reads (\(ImageFormat.version))"
    case .wrongLength(let declared, let actual):
      "it says it has \(declared) bytes, but there are \(actual)"
    case .wrongDigest: "its digest does not fit its content; it was damaged or changed"
    case .unknownSection(let code): "section \(code) is unknown"
    case .sectionOutOfOrder(let section): "section \(section.name) is not in its place"
    case .missingSection(let section): "section \(section.name) is missing"
    case .sectionLength(let section): "the length of section \(section.name) does not fit"
    case .trailingBytes(let count): "\(count) bytes follow the last section"
    default: contentMessage
    }
  }

  private var contentMessage: String {
    switch self {
    case .tooMuchWork(let steps):
      "its strings and sets overlap so that reading them takes \(steps) steps"
    case .unknownValue(let section, let index):
      "entry \(index) of \(section.name) holds an unknown value"
    case .indexOutOfRange(let section, let index):
      "entry \(index) of \(section.name) points to nothing"
    case .stringOutOfBounds(let index): "string \(index) lies outside the string bytes"
    case .notUTF8(let section, let index): "entry \(index) of \(section.name) is not UTF-8"
    case .setNotSorted(let index): "set \(index) is not sorted"
    case .malformedEntry(let set): "set \(set) has a malformed entry"
    case .keysOutsideBank(let spec): "match \(spec) takes keys from outside the text registers"
    case .textsOutsideBank(let section, let index):
      "entry \(index) of \(section.name) takes texts from outside the text registers"
    case .keysMissing(let spec): "match \(spec) has no keys, or keys of the wrong kind"
    case .placesNotAscending(let index): "source mark \(index) is out of order"
    case .blockOrder(let index): "block \(index) is out of order or empty"
    case .functionCount(let count): "there are fewer than \(count) blocks"
    case .duplicatePhase(let phase): "phase \(phase.name) stands twice"
    case .unreachableBlock(let index): "block \(index) belongs to no phase, or to two"
    default: codeMessage
    }
  }

  private var codeMessage: String {
    switch self {
    case .unknownOpcode(let pc): "instruction \(pc): unknown opcode"
    case .fieldNotZero(let pc): "instruction \(pc): a field without meaning is not zero"
    case .wrongBank(let pc): "instruction \(pc): register of the wrong type"
    case .operandOutOfRange(let pc): "instruction \(pc): an operand points to nothing"
    case .targetNotForward(let pc): "instruction \(pc): a jump that does not go forward"
    case .targetOutsideBlock(let pc): "instruction \(pc): a jump out of its block"
    case .callNotBackward(let pc): "instruction \(pc): a call of a later block"
    case .loopOutOfPlace(let pc): "instruction \(pc): a loop that does not end where it began"
    case .callTooDeep(let pc): "instruction \(pc): calls nest too deeply"
    case .returnOutsideFunction(let pc): "instruction \(pc): return outside a function"
    case .blockDoesNotEnd(let index): "block \(index) runs past its end"
    case .phase(let phase, let pc): "instruction \(pc) is not possible in phase \(phase.name)"
    default: "the image is damaged"
    }
  }
}

/// What an image may hold at most.
package enum ImageFormat {
  package static let magic: [UInt8] = Array("DEFANGRC".utf8)
  package static let version: UInt32 = 3
  package static let digestBytes = 32
  package static let bytesMax = 256 << 20
  /// Return addresses that the machine can hold.
  package static let callDepthMax = 32
  /// Loops inside loops, those of called blocks included.
  package static let loopsMax = 8
  /// Match variables `${0}` to `${32}`; RFC 5229 §3.2 asks for at least ten.
  package static let matchGroupsMax = 33
}
