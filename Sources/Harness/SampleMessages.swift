// Small messages that mutated policies are run on.

enum SampleMessages {
  static let all: [[UInt8]] = [plain, attached, broken].map { text in
    Array(
      text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n").utf8)
  }

  private static let plain = """
    From: Ann Example <ann@example.net>
    To: bob@example.com
    Subject: [list] lunch =?utf-8?Q?caf=C3=A9?=
    Message-ID: <1@example.net>
    Date: Sun, 1 Mar 2026 12:00:00 +0000
    X-Mailer: hand

    See you at one.
    """

  private static let attached = """
    From: "Robot" <robot@example.org>
    To: bob@example.com
    Subject: files
    MIME-Version: 1.0
    Content-Type: multipart/mixed; boundary="b1"

    --b1
    Content-Type: text/plain; charset=utf-8
    Content-Transfer-Encoding: quoted-printable

    Here =3D they are.
    --b1
    Content-Type: application/pdf; name="report.exe"
    Content-Disposition: attachment; filename="report.exe"
    Content-Transfer-Encoding: base64

    JVBERi0xLjQKJcOkw7zDtsOfCjIgMCBvYmoKPDwvTGVuZ3RoIDMgMCBSPj4K
    --b1
    Content-Type: message/rfc822

    Subject: inner
    Content-Type: image/png

    \u{1}\u{2}not a picture
    --b1--
    """

  private static let broken = """
    Subject: no end
    Subject: twice
    Content-Type: multipart/alternative; boundary=x
    Content-Type: text/html

    --x
    Content-Type: application/octet-stream; name*0="a.b"; name*1=".js"
    Content-Transfer-Encoding: base64

    TVqQAAMAAAAEAAAA//8AALgAAAAAAAAAQAAAAAAAAAA*
    --x
    """
}
