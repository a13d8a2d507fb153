// The messages that are sent, each with what must become of it under rules/starter.rules.
import MailLab

struct Sample {
  enum Expected {
    case delivered
    /// Delivered without the program that was in it.
    case cleaned
    /// At this SMTP command; `[message` is the end of the message.
    case refused(String)
  }

  let title: String
  /// Of this machine, but not the one address of it that the policy counts among its own.
  var clientAddress = "127.0.0.66"
  var sender = "ann@example.org"
  var recipients = ["bob@example.com"]
  let message: [UInt8]
  let expected: Expected

  private static func note(_ subject: String, from sender: String, to recipient: String) -> [UInt8]
  {
    SampleMail.plain(
      from: sender, to: recipient, subject: subject, text: "Just a few words.\r\n\r\nAnn")
  }

  private static func program(_ subject: String, type: String, name: String) -> [UInt8] {
    SampleMail.withAttachment(
      from: "ann@example.org", to: "bob@example.com", subject: subject, type: type, name: name,
      content: SampleMail.windowsProgram)
  }

  static let all: [Sample] = [
    Sample(
      title: "A clean message",
      message: note("Meeting on Thursday", from: "ann@example.org", to: "bob@example.com"),
      expected: .delivered),
    Sample(
      title: "A program attached as setup.exe",
      message: program("Your update", type: "application/octet-stream", name: "setup.exe"),
      expected: .cleaned),
    Sample(
      title: "A program that calls itself invoice.pdf",
      message: program("Your invoice", type: "application/pdf", name: "invoice.pdf"),
      expected: .refused("[message")),
    Sample(
      title: "A forged sender: our own domain, from outside and without a login",
      sender: "director@example.com",
      message: note("Urgent transfer", from: "director@example.com", to: "bob@example.com"),
      expected: .refused("MAIL")),
    Sample(
      title: "A recipient that is refused",
      recipients: ["trap@example.com"],
      message: note("To nobody", from: "ann@example.org", to: "trap@example.com"),
      expected: .refused("RCPT")),
    Sample(
      title: "One good recipient beside the refused one",
      recipients: ["trap@example.com", "bob@example.com"],
      message: note("To both", from: "ann@example.org", to: "bob@example.com"),
      expected: .delivered),
  ]
}
