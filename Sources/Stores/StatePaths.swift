// Where things lie below the state directory; said once, for the daemon and for defangctl.

package struct StatePaths: Sendable {
  package static let defaultDirectory = "/var/lib/defang"

  package let directory: String

  package init(_ directory: String = defaultDirectory) {
    var path = directory
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    self.directory = path
  }

  package var isThere: Bool { StoreDoor.facts(directory)?.isFolder == true }
  package var quarantine: String { "\(directory)/quarantine" }
  package var faults: String { "\(directory)/faults" }
}
