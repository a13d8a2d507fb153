// The values that `defangctl set` gave to a policy's switches: `STATE/switches`, a line for each,
// `name TAB value TAB time TAB who`. A file of its own, replaced whole: who reads it at the begin
// of each session pays one lstat when nothing has changed, and a person can read it.
internal import Synchronization

package struct SwitchSetting: Equatable, Sendable {
  package let name: String
  package let value: String
  package let setSeconds: Int64
  package let actor: String
}

package final class SwitchStore: Sendable {
  package static let nameBytesMax = 64
  package static let valueBytesMax = 1_024
  package static let countMax = 1_000
  /// Of the whole file: a damaged one is not read into memory.
  private static let fileBytesMax = 4 << 20

  private struct Read {
    var facts: FileFacts?
    var values: [String: String] = [:]
  }

  private let folder: String
  private let steps: StoreSteps
  private let last = Mutex(Read())

  /// - Parameter directory: the state directory.
  package init(directory: String, steps: StoreSteps = .untold) {
    folder = directory
    self.steps = steps
  }

  private var path: String { "\(folder)/switches" }

  /// The values as they are now; of a switch that nobody set there is none. A file that cannot be
  /// read keeps the values read last: a switch must not fall back by accident.
  package func values() -> [String: String] {
    let facts = StoreDoor.facts(path)
    return last.withLock { last in
      if facts == last.facts { return last.values }
      guard let settings = try? settings() else { return last.values }
      last.facts = facts
      last.values = Dictionary(uniqueKeysWithValues: settings.map { ($0.name, $0.value) })
      return last.values
    }
  }

  /// What is set, in order of names.
  package func settings() throws(StoreFailure) -> [SwitchSetting] {
    guard let bytes = try StoreDoor.read(path, bytesMax: Self.fileBytesMax) else { return [] }
    var settings: [String: SwitchSetting] = [:]
    for line in bytes.split(separator: 10) {
      let fields = String(decoding: line, as: UTF8.self)
        .split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard fields.count == 4, Self.isName(fields[0]), let time = Int64(fields[2]) else {
        throw .broken("\(path) is damaged")
      }
      settings[fields[0]] = SwitchSetting(
        name: fields[0], value: fields[1], setSeconds: time, actor: fields[3])
    }
    return settings.values.sorted { $0.name < $1.name }
  }

  /// Sets a switch, or with a nil value gives it back to the policy.
  package func set(
    _ name: String, to value: String?, by actor: StoreActor, nowSeconds: Int64
  ) throws(StoreFailure) {
    guard Self.isName(name) else { throw .refused("that is no name of a switch") }
    if let value, !Self.isValue(value) {
      throw .refused(
        "a switch's value is one line of at most \(Self.valueBytesMax) bytes without controls")
    }
    try locked { () throws(StoreFailure) in
      var settings = try settings().filter { $0.name != name }
      if let value {
        guard settings.count < Self.countMax else {
          throw .quota("\(Self.countMax) switches")
        }
        let who = "\(actor.userNumber) \(actor.name.filter { $0 >= " " })"
        settings.append(
          SwitchSetting(name: name, value: value, setSeconds: nowSeconds, actor: who))
      }
      let lines = settings.map { "\($0.name)\t\($0.value)\t\($0.setSeconds)\t\($0.actor)\n" }
      try DurableFile.write(
        Array(lines.sorted().joined().utf8), to: "switches", in: folder, mode: 0o640, steps)
    }
  }

  /// Two who set at once do it one by one.
  private func locked(_ body: () throws(StoreFailure) -> Void) throws(StoreFailure) {
    try StoreDoor.makeFolder(folder, mode: 0o750)
    let file = "\(folder)/.switches.lock"
    let number = try StoreDoor.openLock(file)
    defer { StoreDoor.closeLock(number) }
    try StoreDoor.lock(number, isExclusive: true, file)
    try body()
  }

  private static func isName(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.count <= nameBytesMax
      && name.utf8.allSatisfy { $0 > 32 && $0 != 127 }
  }

  private static func isValue(_ value: String) -> Bool {
    value.utf8.count <= valueBytesMax
      && !value.unicodeScalars.contains { $0.properties.generalCategory == .control }
  }
}
