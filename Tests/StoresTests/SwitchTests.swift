// Switches that are set while mail flows, and moments as text.

import Foundation
import Testing

@testable import Stores

struct SwitchTests {
  @Test func whatIsSetIsReadByOthers() throws {
    let folder = try TestFolder()
    let reader = SwitchStore(directory: folder.path)
    let writer = SwitchStore(directory: folder.path)
    #expect(reader.values() == [:])
    try writer.set("lockdown", to: "on", by: Sample.actor, nowSeconds: Sample.now)
    #expect(reader.values() == ["lockdown": "on"])
    try writer.set("greeting", to: "Grüß Gott", by: Sample.actor, nowSeconds: Sample.now + 1)
    try writer.set("lockdown", to: "", by: Sample.actor, nowSeconds: Sample.now + 2)
    #expect(reader.values() == ["lockdown": "", "greeting": "Grüß Gott"])
    #expect(
      try reader.settings() == [
        SwitchSetting(
          name: "greeting", value: "Grüß Gott", setSeconds: Sample.now + 1, actor: "7 ann"),
        SwitchSetting(name: "lockdown", value: "", setSeconds: Sample.now + 2, actor: "7 ann"),
      ])
    try writer.set("lockdown", to: nil, by: Sample.actor, nowSeconds: Sample.now)
    #expect(reader.values() == ["greeting": "Grüß Gott"])
  }

  /// What root sets, the filter's user can read.
  @Test(.enabled(if: TestDoor.isRoot))
  func rootGivesAway() throws {
    let folder = try TestFolder()
    let owner: [FileAttributeKey: Any] = [.ownerAccountID: 65_534, .groupOwnerAccountID: 65_534]
    try FileManager.default.setAttributes(owner, ofItemAtPath: folder.path)
    let store = SwitchStore(directory: folder.path)
    try store.set("lockdown", to: "on", by: Sample.actor, nowSeconds: Sample.now)
    _ = try folder.store().keep(Sample.order("s-1"), content: Sample.message())
    let made =
      folder.files.filter { !$0.contains("index.db") } + ["quarantine", "quarantine/content"]
    for name in made {
      let facts = try FileManager.default.attributesOfItem(atPath: "\(folder.path)/\(name)")
      #expect(facts[.ownerAccountID] as? Int == 65_534, "\(name)")
    }
  }

  @Test func aDamagedFileChangesNoSwitch() throws {
    let folder = try TestFolder()
    let store = SwitchStore(directory: folder.path)
    try store.set("lockdown", to: "on", by: Sample.actor, nowSeconds: Sample.now)
    #expect(store.values() == ["lockdown": "on"])
    try folder.write("nonsense\n", to: "switches")
    #expect(store.values() == ["lockdown": "on"])
    #expect(throws: StoreFailure.self) {
      try store.set("lockdown", to: "off", by: Sample.actor, nowSeconds: Sample.now)
    }
    #expect(try folder.text("switches") == "nonsense\n")
  }

  @Test(arguments: [
    ("", "x"), ("a b", "x"), ("a\tb", "x"), ("a\n", "x"), ("a", "x\ny"), ("a", "\u{1B}[0m"),
    ("a", String(repeating: "x", count: SwitchStore.valueBytesMax + 1)),
    (String(repeating: "a", count: SwitchStore.nameBytesMax + 1), "x"),
  ])
  func whatCannotBeALineIsRefused(name: String, value: String) throws {
    let folder = try TestFolder()
    let store = SwitchStore(directory: folder.path)
    #expect(throws: StoreFailure.self) {
      try store.set(name, to: value, by: Sample.actor, nowSeconds: Sample.now)
    }
  }

  @Test func bounds() throws {
    let folder = try TestFolder()
    let store = SwitchStore(directory: folder.path)
    let name = String(repeating: "a", count: SwitchStore.nameBytesMax)
    let value = String(repeating: "x", count: SwitchStore.valueBytesMax)
    try store.set(name, to: value, by: Sample.actor, nowSeconds: Sample.now)
    #expect(store.values() == [name: value])
    let lines = (1..<SwitchStore.countMax).map { "s\($0)\ton\t1\t0 root\n" }
    try folder.write("\(name)\t\(value)\t1\t0 root\n" + lines.joined(), to: "switches")
    #expect(throws: StoreFailure.quota("\(SwitchStore.countMax) switches")) {
      try store.set("more", to: "on", by: Sample.actor, nowSeconds: Sample.now)
    }
    try store.set("s1", to: "off", by: Sample.actor, nowSeconds: Sample.now)
    #expect(store.values()["s1"] == "off" && store.values().count == SwitchStore.countMax)
  }
}

struct UTCTests {
  /// Against an independent calendar.
  @Test(arguments: [
    0 as Int64, -1, 951_782_399, 951_782_400, 951_868_800, 1_709_164_800, 1_735_689_599,
    1_780_000_000, 4_107_542_400, -2_208_988_800, -62_167_219_200, 253_402_300_799,
  ])
  func textIsThatOfFoundation(seconds: Int64) throws {
    let formatter = ISO8601DateFormatter()
    let date = Date(timeIntervalSince1970: Double(seconds))
    if seconds > -2_300_000_000 {
      #expect(UTC.text(seconds) == formatter.string(from: date))
    }
    let numbers = UTC.text(seconds).split { !$0.isNumber }.compactMap { Int($0) }
    if seconds >= -62_135_596_800 {
      #expect(
        UTC.seconds(
          year: numbers[0], month: numbers[1], day: numbers[2], hour: numbers[3],
          minute: numbers[4], second: numbers[5]) == seconds)
    }
  }

  @Test(arguments: [(2026, 2, 29), (2100, 2, 29), (2026, 4, 31), (2026, 13, 1), (2026, 1, 0)])
  func daysThatAreNoneAreRefused(year: Int, month: Int, day: Int) {
    #expect(UTC.seconds(year: year, month: month, day: day) == nil)
    #expect(UTC.seconds(year: 2000, month: 2, day: 29) == 951_782_400)
  }

  @Test(arguments: [Int64.min, Int64.max])
  func noMomentIsTooFar(seconds: Int64) { #expect(UTC.text(seconds).count == 20) }
}
