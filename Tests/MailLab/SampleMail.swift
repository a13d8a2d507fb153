// Messages and contents made in code, for the tests and for `make run`.
import Foundation

package enum SampleMail {
  /// The smallest file that every judge of content calls a Windows program: a DOS header, a PE
  /// header with its optional header, one section, and `ret` as its only instruction.
  package static let windowsProgram: [UInt8] = {
    var file = [UInt8](repeating: 0, count: 576)
    func put(_ bytes: [UInt8], at offset: Int) {
      file.replaceSubrange(offset..<offset + bytes.count, with: bytes)
    }
    put(Array("MZ".utf8), at: 0)
    put([0x80], at: 0x3c)  // where the PE header is
    put(Array("PE".utf8) + [0, 0], at: 0x80)
    put([0x4c, 0x01, 1, 0], at: 0x84)  // for the 80386, one section
    put([0xe0, 0, 0x02, 0x01], at: 0x94)  // size of the optional header; executable, 32 bits
    put([0x0b, 0x01], at: 0x98)  // PE32
    put([0, 0x10, 0, 0], at: 0xa8)  // entry point
    put([0, 0, 0x40, 0], at: 0xb4)  // image base
    put([0, 0x10, 0, 0, 0, 0x02, 0, 0], at: 0xb8)  // alignments
    put([2, 0], at: 0xdc)  // a program with windows
    put([16], at: 0xf4)  // data directories
    put(Array(".text".utf8), at: 0x178)
    put([0x10, 0, 0, 0, 0, 0x10, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0], at: 0x180)
    put([0xc3], at: 0x200)
    return file
  }()

  package static func plain(
    from sender: String, to recipient: String, subject: String, text: String
  ) -> [UInt8] {
    Array(header(from: sender, to: recipient, subject: subject).utf8)
      + Array("Content-Type: text/plain; charset=us-ascii\r\n\r\n\(text)\r\n".utf8)
  }

  package static func withAttachment(
    from sender: String, to recipient: String, subject: String, type: String, name: String,
    content: [UInt8]
  ) -> [UInt8] {
    let encoded = Data(content).base64EncodedString(
      options: [.lineLength76Characters, .endLineWithCarriageReturn, .endLineWithLineFeed])
    let body = """
      Content-Type: multipart/mixed; boundary="=_sample"

      --=_sample
      Content-Type: text/plain; charset=us-ascii

      Please look at the attachment.
      --=_sample
      Content-Type: \(type); name="\(name)"
      Content-Transfer-Encoding: base64
      Content-Disposition: attachment; filename="\(name)"

      \(encoded.replacing("\r\n", with: "\n"))
      --=_sample--

      """
    return Array(header(from: sender, to: recipient, subject: subject).utf8)
      + Array(body.replacing("\n", with: "\r\n").utf8)
  }

  private static func header(from sender: String, to recipient: String, subject: String) -> String {
    let identifier = subject.lowercased().replacing(" ", with: "-")
    return [
      "From: <\(sender)>", "To: <\(recipient)>", "Subject: \(subject)",
      "Date: Mon, 03 Nov 2025 09:15:00 +0100", "Message-ID: <\(identifier)@example.org>",
      "MIME-Version: 1.0", "",
    ].joined(separator: "\r\n")
  }
}
