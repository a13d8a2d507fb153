// Oddities of file names.
internal import RuleBytecode

extension AnomalyPage {
  static func ofNames(_ name: AnomalyName) -> AnomalyPage {
    switch name {
    case .nameConflict:
      AnomalyPage(
        what: """
          The names declared for one part have different extensions: that of Content-Disposition \
          and that of Content-Type, or two of one kind.
          """,
        example: """
          Content-Type: application/pdf; name=invoice.pdf
          Content-Disposition: attachment; filename=invoice.exe
          """,
        clients: """
          Most prefer Content-Disposition, some Content-Type; with two equal parameters some \
          take the first, some the last. What is harmless in the list may be saved as a program.
          """,
        policy: """
          part :is "extension" is true if any name has it. For allow-lists use :all. Quarantine \
          the conflict.
          """)
    case .nameBidi:
      AnomalyPage(
        what: """
          A name with characters that turn the direction of writing, such as U+202E, by which \
          what stands behind them is shown from right to left.
          """,
        example: "filename=\"invoice_<U+202E>fdp.exe\"   (shown as invoice_exe.pdf)",
        clients: """
          Programs and desktops that honour the characters show another extension than the one \
          that decides what opens the file (MITRE ATT&CK T1036.002).
          """,
        policy: """
          Refuse or drop: part.extension is the true one. Names in Arabic or Hebrew need no \
          such characters.
          """
      )
    case .nameDoubleExtension:
      AnomalyPage(
        what: "A name with a document's extension before one that starts a program.",
        example: "filename=\"invoice.pdf.exe\"",
        clients: """
          Windows hides the last extension by default, and shows "invoice.pdf" with whatever \
          icon the program brings.
          """,
        policy: "Refuse or drop it; few honest files are called so.")
    case .namePadding:
      AnomalyPage(
        what: """
          A name with dots or blanks at its end, or with many blanks before its extension.
          """,
        example: """
          filename="invoice.pdf                                        .exe"
          filename="evil.exe. . ."
          """,
        clients: """
          Long names are cut in lists, so that the extension is out of sight. Windows drops dots \
          and blanks at the end when it saves, and so a list of forbidden extensions that \
          compares the end of the name misses "evil.exe.".
          """,
        policy: "part.extension is what remains without them. Refuse or drop it.")
    case .namePath:
      AnomalyPage(
        what: "A name with a path in it: slashes, backslashes, a drive.",
        example: "filename=\"../../Startup/evil.lnk\"\nfilename=\"C:\\\\Users\\\\a.txt\"",
        clients: """
          Programs should take the last component. Faulty ones have written the file where the \
          path says. Old Outlook sends whole paths without any evil.
          """,
        policy: "A name with \"..\" is never honest; others count in a score.")
    case .nameControl:
      AnomalyPage(
        what: "A name with NUL or another control character.",
        example: "filename=\"invoice.txt<NUL>.exe\"",
        clients: """
          Programs in C end the name at NUL, others drop the character: "invoice.txt" or \
          "invoice.txt.exe". Line ends in a name have forged lines in lists and logs.
          """,
        policy: "Both names are compared. Refuse or drop it.")
    default:
      AnomalyPage(
        what: """
          A name whose extension shows only after something is undone: percent signs, HTML's \
          character references, full-width letters and dots, invisible characters within.
          """,
        example: "filename=\"invoice%2Eexe\"\nfilename=\"invoice．ｅｘｅ\"",
        clients: """
          Some programs decode percent signs in plain parameters; file systems and archivers \
          normalise full-width forms; invisible characters are dropped when a name is made fit \
          for saving.
          """,
        policy: "The extension behind each is compared too. Refuse or drop it.")
    }
  }
}
