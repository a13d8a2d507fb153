// What this program is called where it names itself.

/// This program.
package enum Defang {
  package static let name = "Defang"
  package static let version = "0.1.0"
}
