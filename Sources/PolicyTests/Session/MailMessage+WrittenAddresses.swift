// Sender and recipients as the header has them: for sessions that name none.
package import MailMessage

extension MailMessage {
  /// The first author's address; empty without one.
  package var writtenSender: String { writtenAddresses("from").first ?? "" }

  /// The addresses of To and Cc.
  package var writtenRecipients: [String] { writtenAddresses("to") + writtenAddresses("cc") }

  private func writtenAddresses(_ name: String) -> [String] {
    fields(named: name).flatMap { addresses(in: $0) }.filter(\.isValid).map(\.address)
  }
}
