// Messages that the reader does not see through. One that passes must leave.

enum NotYet {
  static let names: Set<String> = [
    "smime-opaque",
    "smime-opaque-pieces",
  ]
}
