// Sources as the daemon takes them: a file that others may write decides about nobody's mail. What
// was refused is remembered, since to the compiler it is a file that cannot be read like others.
internal import ArgumentParser
internal import FileTrust
internal import RuleCompiler
internal import Synchronization

final class FileGuard: Sendable {
  private let refusals = Atomic(0)

  struct Options: ParsableArguments {
    @Flag(help: "Refuse files that others may write, as defangd does.")
    var guarded = false

    var guardian: FileGuard? { guarded ? FileGuard() : nil }
  }

  var hasRefused: Bool { refusals.load(ordering: .relaxed) > 0 }

  func doubt(about path: String) -> FileDoubt? {
    guard path != "-", let doubt = FileTrust.doubt(about: path, as: .rules) else { return nil }
    refusals.add(1, ordering: .relaxed)
    return doubt
  }

  /// How the compiler reads what a policy names.
  var access: FileAccess {
    FileAccess { [self] path, limit in
      if let doubt = doubt(about: path) { return .unreadable(doubt.message) }
      return Files.access.read(path, limit)
    }
  }
}
