// How long the mail server waits for an answer, and how much of that the filter uses: it gives up
// before the mail server does, so that what is decided still counts. The compiler warns of checks
// that can take longer, the front ends end runs that do; both read it here.

package struct MTAPatience: Equatable, Sendable {
  /// What `mta_timeouts` says, less the margin.
  package private(set) var declaredCommandSeconds: Int?
  package private(set) var declaredEndSeconds: Int?

  /// For a command; sendmail's 10 s, less a margin.
  package var commandSeconds: Int { declaredCommandSeconds ?? 8 }
  /// For the end of a message; much more than that is given, so that work can follow the checks.
  package var endSeconds: Int { declaredEndSeconds ?? 60 }

  package init() {}

  package init(_ program: Program) {
    guard let declared = program.declaration(.mtaTimeouts) else { return }
    for (name, value) in program.arguments(of: declared) {
      guard let seconds = Int(value) else { continue }
      switch name {
      case "command": declaredCommandSeconds = Self.used(of: seconds)
      case "end": declaredEndSeconds = Self.used(of: seconds)
      default: break
      }
    }
  }

  /// What is used of the time that the mail server waits.
  package static func used(of seconds: Int) -> Int { max(1, seconds * 4 / 5) }

  /// How long the mail server must wait so that so much can be used.
  package static func needed(_ seconds: Int) -> Int { (seconds * 5 + 3) / 4 }
}
