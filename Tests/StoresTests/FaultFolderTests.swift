// Messages on which the filter failed: who may read them, how many stay, and which go.
import Foundation
import Testing

@testable import Stores

final class FaultFolderTests {
  private let state = FileManager.default.temporaryDirectory.path + "/faults-" + UUID().uuidString

  init() throws {
    try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: false)
  }

  deinit { try? FileManager.default.removeItem(atPath: state) }

  private func folder(count: Int = 3, bytes: Int = 1_000) -> FaultFolder {
    var limits = FaultFolder.Limits()
    limits.countMax = count
    limits.bytesMax = bytes
    return FaultFolder(StatePaths(state), limits: limits)
  }

  private func id(_ number: Int) -> String { String(repeating: "0", count: 31) + "\(number)" }

  private func bytes(_ count: Int) -> [UInt8] { Array(repeating: 120, count: count) }

  /// Kept at another time than those before.
  private func keep(_ folder: FaultFolder, _ number: Int, _ size: Int = 10) throws {
    #expect(try folder.keep(id(number), message: bytes(size), session: bytes(1)))
    let time = Date(timeIntervalSince1970: 1_000 + Double(number))
    try FileManager.default.setAttributes(
      [.modificationDate: time], ofItemAtPath: "\(state)/faults/\(id(number))")
  }

  private func held(_ folder: FaultFolder) -> [Int] { (1...9).filter { folder.holds(id($0)) } }

  @Test func theOldestGoesWhenThereAreTooMany() throws {
    let folder = folder()
    for number in 1...3 { try keep(folder, number) }
    #expect(held(folder) == [1, 2, 3] && folder.totals == .init(count: 3, bytes: 33))
    try keep(folder, 4)
    #expect(held(folder) == [2, 3, 4])
  }

  @Test func theOldestGoWhenTheyAreTooLarge() throws {
    let folder = folder(count: 9)
    try keep(folder, 1, 499)
    try keep(folder, 2, 299)
    // To the byte.
    try keep(folder, 3, 199)
    #expect(held(folder) == [1, 2, 3] && folder.totals.bytes == 1_000)
    try keep(folder, 4, 500)
    #expect(held(folder) == [3, 4])
  }

  @Test func whatIsLargerThanAllIsNotKeptAndCostsNothing() throws {
    let folder = folder()
    try keep(folder, 1)
    #expect(throws: StoreFailure.self) {
      try folder.keep(id(2), message: bytes(1_000), session: bytes(1))
    }
    #expect(held(folder) == [1])
    #expect(try folder.keep(id(3), message: bytes(999), session: bytes(1)))
    #expect(held(folder) == [3])
  }

  @Test func noneIsKeptWhereNoneShall() {
    #expect(throws: StoreFailure.self) {
      try folder(count: 0).keep(id(1), message: nil, session: bytes(1))
    }
    #expect(folder().totals == .init())
  }

  @Test func theSameIsKeptOnce() throws {
    let folder = folder()
    try keep(folder, 1, 5)
    #expect(try !folder.keep(id(1), message: bytes(500), session: bytes(1)))
    #expect(folder.totals == .init(count: 1, bytes: 6))
    folder.remove(id(1))
    #expect(folder.totals == .init())
  }

  /// A writer that was killed before the session was there.
  @Test func halfAFaultIsWrittenAnew() throws {
    let folder = folder()
    try keep(folder, 1)
    try FileManager.default.removeItem(atPath: folder.sessionPath(id(1)))
    #expect(try folder.keep(id(1), message: bytes(7), session: bytes(1)))
    #expect(folder.totals == .init(count: 1, bytes: 8))
  }

  @Test func nobodyElseReadsThem() throws {
    let folder = folder()
    try keep(folder, 1)
    func mode(_ path: String) throws -> Int? {
      try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }
    #expect(try mode(state + "/faults") == 0o700)
    #expect(try mode("\(state)/faults/\(id(1))") == 0o700)
    #expect(try mode("\(state)/faults/\(id(1))/message.eml") == 0o600)
    #expect(try mode(folder.sessionPath(id(1))) == 0o600)
  }

  /// What somebody puts there is neither counted nor removed.
  @Test func strangersStay() throws {
    let folder = folder(count: 1)
    try keep(folder, 1)
    let stranger = state + "/faults/notes"
    try FileManager.default.createDirectory(atPath: stranger, withIntermediateDirectories: false)
    try keep(folder, 2)
    #expect(FileManager.default.fileExists(atPath: stranger))
    #expect(folder.totals.count == 1)
  }
}
