// Messages that the reader does not see through. One that passes must leave.

enum NotYet {
  static let names: Set<String> = [
    "end-lf-lf-inside",
    "poly-pdf-html",
    "tar-gz-program",
    "tar-path",
    "tar-program",
    "type-comment-open",
    "uu-name-quoted",
    "xxencode",
    "limit-names",
    "file-disk-image",
    "bzip2-program",
  ]
}
