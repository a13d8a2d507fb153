// Messages that the reader does not see through. One that passes must leave.

enum NotYet {
  static let names: Set<String> = [
    "tar-gz-program",
    "tar-path",
    "tar-program",
    "limit-names",
    "file-disk-image",
    "bzip2-program",
  ]
}
