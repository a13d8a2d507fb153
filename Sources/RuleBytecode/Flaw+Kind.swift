// Flaws without their places: what tests and the fuzzer count.

extension Flaw {
  /// The ways an image can be wrong, one for each case of `Flaw`.
  package enum Kind: String, CaseIterable, Sendable {
    case tooLarge, tooShort, notAnImage, unknownVersion
    case wrongLength, wrongDigest, unknownSection, sectionOutOfOrder
    case missingSection, sectionLength, trailingBytes, tooMuchWork, unknownValue
    case indexOutOfRange, stringOutOfBounds, notUTF8, setNotSorted
    case malformedEntry, keysOutsideBank, textsOutsideBank, keysMissing, placesNotAscending
    case blockOrder, functionCount, duplicatePhase, unreachableBlock
    case unknownOpcode, fieldNotZero, wrongBank, operandOutOfRange
    case targetNotForward, targetOutsideBlock, callNotBackward, callTooDeep, loopOutOfPlace
    case returnOutsideFunction, blockDoesNotEnd, phase
  }

  /// Which way this is.
  package var kind: Kind {
    switch self {
    case .tooLarge: .tooLarge
    case .tooShort: .tooShort
    case .notAnImage: .notAnImage
    case .unknownVersion: .unknownVersion
    case .wrongLength: .wrongLength
    case .wrongDigest: .wrongDigest
    case .unknownSection: .unknownSection
    case .sectionOutOfOrder: .sectionOutOfOrder
    case .missingSection: .missingSection
    case .sectionLength: .sectionLength
    case .trailingBytes: .trailingBytes
    case .tooMuchWork: .tooMuchWork
    case .unknownValue: .unknownValue
    case .indexOutOfRange: .indexOutOfRange
    case .stringOutOfBounds: .stringOutOfBounds
    case .notUTF8: .notUTF8
    case .setNotSorted: .setNotSorted
    case .malformedEntry: .malformedEntry
    case .keysOutsideBank: .keysOutsideBank
    case .textsOutsideBank: .textsOutsideBank
    case .keysMissing: .keysMissing
    case .placesNotAscending: .placesNotAscending
    case .blockOrder: .blockOrder
    case .functionCount: .functionCount
    case .duplicatePhase: .duplicatePhase
    case .unreachableBlock: .unreachableBlock
    case .unknownOpcode: .unknownOpcode
    case .fieldNotZero: .fieldNotZero
    case .wrongBank: .wrongBank
    case .operandOutOfRange: .operandOutOfRange
    case .targetNotForward: .targetNotForward
    case .targetOutsideBlock: .targetOutsideBlock
    case .callNotBackward: .callNotBackward
    case .callTooDeep: .callTooDeep
    case .loopOutOfPlace: .loopOutOfPlace
    case .returnOutsideFunction: .returnOutsideFunction
    case .blockDoesNotEnd: .blockDoesNotEnd
    case .phase: .phase
    }
  }
}
