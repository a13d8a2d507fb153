// Oddities of transfer encodings, of charsets, and of files that are written into texts.
internal import RuleBytecode

extension AnomalyPage {
  static func ofEncodings(_ name: AnomalyName) -> AnomalyPage {
    switch name {
    case .encodingConflict:
      AnomalyPage(
        what: """
          Content-Transfer-Encoding fields that disagree, several encodings in one field, or \
          base64 or quoted-printable on a multipart, which RFC 2045 §6.4 forbids.
          """,
        example:
          "Content-Transfer-Encoding: 7bit\nContent-Transfer-Encoding: base64\n\nTVqQAAMAAAAEAAAA",
        clients: """
          Some take the first field, some the last. One sees a program where the other sees \
          meaningless text. An encoded multipart is decoded first by some and read as it stands \
          by others.
          """,
        policy: "The content is decoded in each way and each is visited. Quarantine it.")
    case .unknownEncoding:
      AnomalyPage(
        what: "A Content-Transfer-Encoding that nobody has defined.",
        example: "Content-Transfer-Encoding: x-base64\n\nTVqQAAMAAAAEAAAA",
        clients: """
          RFC 2045 §6.4 says to treat the content as octets and open it with nothing. Some \
          decode what looks like base64 all the same, some know x-uuencode and x-yencode.
          """,
        policy: "The likely decodings are readings. A score or a quarantine suits it.")
    case .badBase64:
      AnomalyPage(
        what: """
          base64 with characters outside of its alphabet, with padding in the middle, or with a \
          rest that is no group of four.
          """,
        example: "TVqQ!!AAMA\nAAAE==AAAA//8AALgAAAA",
        clients: """
          RFC 2045 §6.8 says to skip foreign characters; some stop there, some count them as \
          zeros. At early padding some stop, some begin anew, some go on. What one decoder makes \
          a program is rubbish in another.
          """,
        policy: "Every decoder's result is visited where it differs. A score suits it.")
    case .badQuotedPrintable:
      AnomalyPage(
        what: "Equals signs in quoted-printable that escape nothing (RFC 2045 §6.7).",
        example: "price =5 per unit, see =XY\nhref=3D\"http://example.com\"",
        clients: """
          Most keep the sign as it is. Some drop it, alone or with what follows, which changes \
          tags and addresses in HTML.
          """,
        policy: "Common in sloppy bulk mail. Counts in a score at most.")
    case .encodingMismatch:
      AnomalyPage(
        what: "8-bit bytes in content that is declared as 7bit (RFC 2045 §6.2).",
        example: "Content-Transfer-Encoding: 7bit\n\nGr\\xFC\\xDFe",
        clients: """
          All programs show the bytes as they are. A server that believes the declaration may \
          clear the eighth bit.
          """,
        policy: "Common; not a reason for anything alone.")
    case .badEmbedded:
      AnomalyPage(
        what: """
          A uuencoded, yEnc or BinHex file in a text, or a winmail.dat (TNEF), that is damaged: \
          missing end, wrong length or checksum.
          """,
        example: "begin 644 evil.exe\nM35J0``,````$````__\\``+@`````````\n(no end line)",
        clients: """
          Outlook and older programs show such files as attachments, others show the text. Of \
          damaged ones some keep what was decoded so far, some show nothing.
          """,
        policy: "What could be decoded is a part and is visited. A score suits it.")
    case .unknownCharset:
      AnomalyPage(
        what: "A charset of a text that cannot be converted, or has no such name.",
        example: "Content-Type: text/html; charset=x-unknown-1",
        clients: """
          Programs fall back to the system's charset, to UTF-8 or to Latin-1. ASCII is the same \
          in all of these.
          """,
        policy: "ASCII and UTF-8 in it are searched. Common: a score at most.")
    default:
      AnomalyPage(
        what: """
          A charset in which ASCII text can be written without its ASCII bytes: UTF-7, UTF-16, \
          UTF-32, EBCDIC, HZ, ISO-2022.
          """,
        example:
          "Content-Type: text/html; charset=utf-7\n\n+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
        clients: """
          A program that knows the charset sees a script; one that does not, and a filter that \
          searches bytes, sees harmless letters. Browsers no longer read UTF-7, some mail \
          programs do.
          """,
        policy: """
          The text is searched in its charset and as bytes. ISO-2022-JP is honest in Japanese \
          mail and is not reported; refuse UTF-7 where nobody writes it.
          """)
    }
  }
}
