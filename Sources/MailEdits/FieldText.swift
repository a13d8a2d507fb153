// What becomes of a field's name and value when it is written, for those who must know it before.

/// A header field as it will stand in the message.
package enum FieldText {
  /// Whether a field can be called so.
  package static func isName(_ name: some Collection<UInt8>) -> Bool {
    HeaderText.isValidName(String(decoding: name, as: UTF8.self))
  }

  /// The value as readers will see it: one line without controls.
  package static func clean(
    _ value: some Collection<UInt8>, limits: EditLimits = EditLimits()
  ) -> [UInt8] {
    HeaderText.clean(Array(value), bytesMax: limits.headerValueBytesMax)
  }

  /// Octets of the field with its folds and its line end, of a clean value.
  package static func byteCount(_ name: String, _ value: [UInt8]) -> Int {
    let folded = HeaderFolder.fold(name: name, value: value)
    return name.utf8.count + 2 + folded.count + folded.count { $0 == 0x0A } + 2
  }
}
