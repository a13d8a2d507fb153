// The daemon's own state below its folder: the quarantine, the queue of outgoing mail with its
// sender, the salt of links, the switches. Opened when the first policy needs it; a policy that
// needs none works without the folder.
internal import RuleBytecode
internal import Stores
internal import Submission
internal import Synchronization

/// What a policy that keeps state works with.
struct OpenState: Sendable {
  let quarantine: QuarantineStore
  let office: PostOffice
  let linkSalt: [UInt8]
}

final class DaemonState: Sendable {
  struct Settings: Sendable {
    var directory: String
    var server: SMTPServer
    var hostName: String?
  }

  private let settings: Settings
  private let open = Mutex<OpenState?>(nil)
  private let keepsHouse = Atomic(false)
  let switches: SwitchStore

  init(_ settings: Settings) {
    self.settings = settings
    switches = SwitchStore(directory: settings.directory)
  }

  /// Nil as long as no policy needed it.
  var current: OpenState? { open.withLock { $0 } }

  /// Makes the folder ready for a policy; says so when that is not possible.
  func prepare(for needs: ProgramNeeds) throws(StartFailure) {
    guard needs.keepsState, current == nil else { return }
    try prepareFolder()
    let directory = settings.directory
    let opened: OpenState
    do {
      opened = OpenState(
        quarantine: try QuarantineStore(directory: StatePaths(directory).quarantine),
        office: try PostOffice(
          PostOfficeConfiguration(
            stateFolder: directory, server: settings.server, hostName: settings.hostName),
          log: { Console.log($0) }),
        linkSalt: try SecretFile.bytes(named: "salt", count: 32, in: directory))
    } catch let failure as StoreFailure {
      throw refused(failure.message)
    } catch {
      throw refused("\(error)")
    }
    open.withLock { $0 = opened }
    if keepsHouse.load(ordering: .sequentiallyConsistent) { startSending(opened) }
  }

  /// From now on this process sends what waits, and no other.
  func keepHouse() {
    keepsHouse.store(true, ordering: .sequentiallyConsistent)
    if let current { startSending(current) }
  }

  private func startSending(_ opened: OpenState) {
    do throws(StateFault) {
      try opened.office.start()
    } catch {
      Console.error("defangd: mail of our own is not sent: \(error)")
    }
  }

  /// Makes the folder that a policy needs; says so when that is not possible.
  func prepareFolder() throws(StartFailure) {
    guard Folders.make(settings.directory) else {
      throw refused("it cannot be made: \(Folders.lastProblem)")
    }
    guard Folders.isWritable(settings.directory) else {
      throw refused("it cannot be written: \(Folders.lastProblem)")
    }
  }

  private func refused(_ reason: String) -> StartFailure {
    StartFailure(
      code: 78,
      message: "the policy stores, sends or remembers mail, which needs the state folder"
        + " \(settings.directory) (--state): \(reason)")
  }

  func stop() async {
    if let office = current?.office { await office.stop() }
  }
}
