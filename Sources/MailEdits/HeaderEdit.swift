// Edits of the message's header as rules ask for them. Each sees the header as the edits before it
// left it.

/// One edit of the header.
package enum HeaderEdit: Sendable, Equatable {
  /// A new field: at the top, or after all others (`addheader`, RFC 5293 §4).
  case add(name: String, value: [UInt8], last: Bool)
  /// A new field after `at` others; 0 is the top (`insertheader :at`).
  case insert(name: String, value: [UInt8], at: Int)
  /// Another value for an occurrence of `name` (nil: the first); one that is not there is added
  /// last. An empty value deletes, since milter knows no empty value (smfi_chgheader).
  case set(name: String, value: [UInt8], occurrence: Int?)
  /// Deletes these occurrences of `name`; nil means all.
  ///
  /// Occurrences count from 1; from the end -1, -2 and so on. Those that are not there are ignored.
  case delete(name: String, occurrences: [Int]?)
}

/// A change for the MTA, in the order in which it must be told, with milter's meaning of the
/// numbers at that moment. Values are ASCII, folded with LF and a blank, without the blank after
/// the colon.
package enum HeaderChange: Sendable, Equatable {
  /// smfi_addheader: after all other fields.
  case add(name: String, value: String)
  /// smfi_insheader: after `index` fields.
  case insert(index: Int, name: String, value: String)
  /// smfi_chgheader: the occurrence counts from 1; a nil value deletes.
  case change(name: String, occurrence: Int, value: String?)
}

extension HeaderEdit {
  var name: String {
    switch self {
    case .add(let name, _, _), .insert(let name, _, _), .set(let name, _, _), .delete(let name, _):
      name
    }
  }
}
