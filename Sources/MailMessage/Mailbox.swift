// One address as found in a header field or an SMTP path.

/// A mailbox (RFC 5322 §3.4, RFC 5321 §4.1.2).
package struct Mailbox: Sendable, Equatable {
  /// The name beside the address, encoded words decoded (RFC 2047); "" when there is none.
  package let displayName: String
  /// The local part without its quotes.
  package let local: String
  /// As written; "" when there is none. A domain literal keeps its brackets.
  package let domain: String
  /// `local@domain`, the local part quoted where it must be; "" for the null sender.
  package let address: String
  /// Whether it follows the grammar. The null sender of a path is valid.
  package let isValid: Bool
}
