// Oddities that show when a file is looked into.
internal import RuleBytecode

extension AnomalyPage {
  static func ofContent(_ name: AnomalyName) -> AnomalyPage {
    switch name {
    case .zipDirectoryMismatch:
      AnomalyPage(
        what: """
          The directory at the end of a zip and the headers before its members disagree: names, \
          sizes, methods, or members that only one of them has.
          """,
        example: "local header: evil.exe, deflated      directory: readme.txt, stored",
        clients: """
          Windows and most archivers believe the directory, programs that read a stream believe \
          the local headers, repair tools whatever they find. A member hidden from the scanner \
          comes out at the recipient.
          """,
        policy: "Members of both are compared by part :archive. Quarantine it.")
    case .zipSeveralDirectories:
      AnomalyPage(
        what: "A zip with more than one directory, as two zips that were joined have.",
        example: "harmless.zip + evil.zip, sent as one invoice.zip",
        clients: """
          Seen in attacks since 2019: WinRAR and Windows show the last zip's members, 7-Zip the \
          first's, some tools both.
          """,
        policy: "Members of all are compared. Quarantine it.")
    case .zipOverlap:
      AnomalyPage(
        what: "A zip whose members share the same compressed bytes, as bombs of 2019 do.",
        example: "42 kB that unpack to 5.5 GB, 250 members over one block",
        clients:
          "Archivers unpack each member in full, until the disk is full; some refuse it now.",
        policy: "Refuse it: no program writes such zips for a good reason.")
    case .archivePath:
      AnomalyPage(
        what: """
          A member whose name would leave the folder that it is unpacked to: an absolute path, a \
          drive, or "..".
          """,
        example: "../../../../Users/Public/Start Menu/evil.lnk",
        clients: """
          Good archivers strip such paths. Faults of this kind are found anew every year \
          (CVE-2018-20250 in WinRAR's ACE reader, CVE-2025-8088 by alternate data streams).
          """,
        policy: "Quarantine it: no honest archiver writes such names.")
    case .archiveDamaged:
      AnomalyPage(
        what: """
          An archive that cannot be read to its end: cut off, a checksum that is wrong, a format \
          that lies about itself.
          """,
        example: "a RAR whose second half is missing",
        clients: """
          Archivers differ in what they still unpack. Attackers break archives so that scanners \
          give up and a lenient archiver does not.
          """,
        policy: "Members that could be read are compared; the rest is unknown. Quarantine suits it."
      )
    case .officeDamaged:
      AnomalyPage(
        what: """
          An Office document whose container is broken: sectors that point nowhere or in a \
          circle, a missing content list.
          """,
        example: "a .docx whose [Content_Types].xml stands behind a broken zip directory",
        clients: """
          Word offers to repair such files and then opens them; scanners take them for data \
          (attacks of late 2024).
          """,
        policy: "What could be read is looked into. Quarantine it.")
    default:
      AnomalyPage(
        what: """
          Content that is a file of more than one family at once: a picture with a zip or a RAR \
          behind it, a PDF in the comment of a picture, HTML or a script in a picture's header, \
          a Word web archive behind a PDF header, a disk image behind anything. A program that \
          unpacks itself is honest, and is not one.
          """,
        example: "GIF89a … ; followed by PK\\3\\4 … PK\\5\\6",
        clients: """
          What opens the file is decided by its name: archivers look for a zip from the end and \
          for a RAR from the beginning, PDF readers in the first kilobyte, browsers and Windows \
          for markup anywhere. libmagic names the first.
          """,
        policy: """
          part :is "kind" is true of each of the families, so a rule against archives holds. \
          Quarantine what is odd.
          """)
    }
  }
}
