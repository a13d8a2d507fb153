// What a reload takes over of a changed configuration. Sockets, users and folders are made once, by
// the master, while it may: they change at a restart. All else a new worker begins with, which
// takes the place of the one that serves, so no session sees its settings change.

struct SettingsChange: Equatable, Sendable {
  /// As they are to be from now on.
  let settings: Settings
  /// Names of settings that are otherwise, and taken over.
  let taken: [String]
  /// Names of those that take effect at a restart.
  let restart: [String]
  /// Another worker has to begin with them.
  let needsWorker: Bool

  private static let ofStart: Set = ["listen", "engine", "user", "group", "state", "pid"]
  /// The master alone goes by them.
  private static let ofMaster: Set = ["grace", "worker", "shadow"]

  init(from now: Settings, to next: Settings) {
    let names = now.differences(from: next)
    restart = names.filter(Self.ofStart.contains)
    taken = names.filter { !Self.ofStart.contains($0) }
    needsWorker = taken.contains { !Self.ofMaster.contains($0) }
    var settings = next
    (settings.listen, settings.engine, settings.state) = (now.listen, now.engine, now.state)
    (settings.user, settings.group, settings.pid) = (now.user, now.group, now.pid)
    self.settings = settings
  }
}
