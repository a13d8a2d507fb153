// The user and detail parts of a local part (RFC 5233). Which characters divide them is a matter of
// the site; each byte of `separators` is one of them.

/// A local part taken apart.
package struct Subaddress: Sendable, Equatable {
  package let user: String
  /// Nil without a separator: then it matches no key (RFC 5233 §4). Empty is not absent.
  package let detail: String?

  /// Splits at the first separator.
  package init(_ local: String, separators: String = "+") {
    let text = local.utf8
    let marks = separators.utf8
    guard let place = text.firstIndex(where: marks.contains) else {
      user = local
      detail = nil
      return
    }
    user = String(local[..<place])
    detail = String(local[text.index(after: place)...])
  }
}
