// The table behind FileKind.kind(ofMIMEType:). One line a family: names that libmagic 5.4x prints,
// names registered at IANA, and the names that mail programs and web servers use in their place.

enum MIMEFamilies {
  struct Prefix {
    let prefix: String
    let kind: FileKind
  }

  /// Asked in this order when the exact name is unknown.
  static let prefixes: [Prefix] = [
    Prefix(prefix: "application/vnd.openxmlformats-officedocument.", kind: .office),
    Prefix(prefix: "application/vnd.oasis.opendocument.", kind: .office),
    Prefix(prefix: "application/vnd.sun.xml.", kind: .office),
    Prefix(prefix: "application/vnd.stardivision.", kind: .office),
    Prefix(prefix: "application/vnd.ms-word.", kind: .office),
    Prefix(prefix: "application/vnd.ms-excel.", kind: .office),
    Prefix(prefix: "application/vnd.ms-powerpoint.", kind: .office),
    Prefix(prefix: "application/vnd.ms-visio.", kind: .office),
    Prefix(prefix: "application/vnd.apple.", kind: .office),
    Prefix(prefix: "application/cdfv2", kind: .office),
    Prefix(prefix: "image/", kind: .image),
    Prefix(prefix: "audio/", kind: .audio),
    Prefix(prefix: "video/", kind: .video),
    Prefix(prefix: "text/", kind: .text),
    Prefix(prefix: "message/", kind: .message),
    Prefix(prefix: "multipart/", kind: .message),
  ]

  static let exact: [String: FileKind] = {
    var table: [String: FileKind] = [:]
    for (kind, names) in families {
      for name in names { table[name] = kind }
    }
    return table
  }()

  private static let families: [(FileKind, [String])] = [
    (.executable, executables), (.script, scripts), (.archive, archives),
    (.diskImage, diskImages), (.office, office), (.pdf, pdf), (.html, html), (.text, text),
    (.image, ["application/postscript-image", "application/x-photoshop", "application/dicom"]),
    (.audio, ["application/ogg", "application/x-midi", "application/vnd.rn-realmedia"]),
    (.video, ["application/mp4", "application/x-matroska", "application/mxf"]),
    (.message, ["application/mbox", "application/ms-tnef-message"]),
    (.other, ["application/octet-stream", "text/calendar-freebusy", "audio/x-unknown"]),
  ]

  private static let executables = [
    "application/vnd.microsoft.portable-executable", "application/x-dosexec",
    "application/x-msdownload", "application/x-ms-dos-executable", "application/x-msdos-program",
    "application/x-ms-ne-executable", "application/x-exe", "application/exe",
    "application/x-winexe",
    "application/dos-exe", "application/x-com", "application/x-msi", "application/x-ole-msi",
    "application/vnd.ms-msi", "application/x-executable", "application/x-pie-executable",
    "application/x-sharedlib", "application/x-object", "application/x-elf",
    "application/x-elf-executable",
    "application/x-mach-binary", "application/x-mach-o-executable", "application/wasm",
    "application/java-archive", "application/x-java-archive", "application/x-jar",
    "application/java-vm", "application/x-java", "application/x-java-applet",
    "application/x-java-class", "application/java-byte-code", "application/x-java-vm",
    "application/java", "application/x-java-pack200", "application/x-java-jnlp-file",
    "application/x-ms-shortcut", "application/x-ms-application", "application/x-mswinurl",
    "application/vnd.android.package-archive", "application/vnd.android.dex",
    "application/x-ios-app", "application/x-silverlight-app", "application/x-shockwave-flash",
    "application/vnd.adobe.flash.movie", "application/vnd.ms-htmlhelp", "application/x-chm",
    "application/winhlp", "application/x-winhelp", "application/x-xbox-executable",
    "audio/x-xbox-executable", "application/x-innosetup", "application/x-rpm",
    "application/x-redhat-package-manager", "application/vnd.debian.binary-package",
    "application/x-debian-package", "application/x-deb", "application/x-svr4-package",
    "application/msix", "application/msixbundle", "application/appx", "application/appxbundle",
    "application/x-apple-diskimage-installer", "application/vnd.apple.installer+xml",
    "application/x-xpinstall", "application/x-chrome-extension", "application/x-desktop",
  ]

  private static let scripts = [
    "text/x-shellscript", "text/x-sh", "application/x-sh", "application/x-shellscript",
    "application/x-csh", "application/x-bat", "application/bat", "text/x-msdos-batch",
    "application/x-msdos-batch", "text/x-perl", "application/x-perl", "text/x-python",
    "text/x-script.python", "application/x-python", "application/x-python-code",
    "application/x-bytecode.python", "text/x-ruby",
    "application/x-ruby", "text/x-php", "application/x-php", "application/x-httpd-php",
    "text/x-lua",
    "text/x-tcl", "application/x-tcl", "text/x-awk", "text/x-nawk", "text/x-gawk",
    "text/x-execline", "text/x-clojure", "text/javascript", "text/x-javascript", "text/ecmascript",
    "text/jscript", "application/javascript", "application/x-javascript", "application/ecmascript",
    "application/x-jscript", "text/vbscript", "text/vbs", "application/x-vbs",
    "application/x-vbscript",
    "application/x-wsh", "text/scriptlet", "text/x-scriptlet", "application/hta",
    "application/x-hta",
    "text/x-powershell", "application/x-powershell", "text/x-ms-regedit", "text/x-ms-iqy",
    "application/x-applescript", "application/x-setupscript", "application/x-wine-extension-ini",
    "text/x-wine-extension-reg", "application/x-shar", "text/x-systemtap",
  ]

  private static let archives = [
    "application/zip", "application/x-zip", "application/x-zip-compressed", "multipart/x-zip",
    "application/gzip", "application/x-gzip", "application/x-gunzip", "application/x-bzip",
    "application/x-bzip2", "application/x-bzip3", "application/x-xz", "application/x-lzma",
    "application/x-lz4", "application/x-lz4+json", "application/x-lzip", "application/x-lzop",
    "application/zstd", "application/x-zstd", "application/zlib", "application/x-compress",
    "application/x-compressed", "application/x-snappy-framed", "application/x-brotli",
    "application/x-7z-compressed", "application/x-rar", "application/x-rar-compressed",
    "application/vnd.rar", "application/vnd.ms-cab-compressed", "application/x-cab",
    "application/x-tar", "application/tar", "application/x-gtar", "application/x-ustar",
    "application/x-compressed-tar", "application/x-tgz", "application/x-cpio",
    "application/x-archive",
    "application/x-ace-compressed", "application/x-ace", "application/x-arj",
    "application/x-lzh-compressed", "application/x-lha", "application/x-lzx", "application/x-arc",
    "application/x-zoo", "application/x-stuffit", "application/x-stuffitx",
    "application/mac-binhex40",
    "application/x-alz-compressed", "application/x-egg", "application/x-compress-j",
    "application/x-compress-ftcomp", "application/x-dzip", "application/x-zpaq",
    "application/x-xar",
    "application/x-google-ab", "application/vnd.ms-tnef", "application/ms-tnef",
    "application/x-installshield-cab",
  ]

  private static let diskImages = [
    "application/x-iso9660-image", "application/x-iso-image", "application/x-cd-image",
    "application/x-raw-disk-image", "application/x-nrg", "application/x-apple-diskimage",
    "application/x-diskcopy", "application/x-virtualbox-vhd", "application/x-virtualbox-vhdx",
    "application/x-virtualbox-vdi", "application/x-virtualbox-vmdk", "application/x-vhd",
    "application/x-vmdk", "application/x-qemu-disk", "application/x-ms-wim", "application/x-dc-rom",
    "application/x-sega-cd-rom", "application/x-saturn-rom", "application/udf", "application/x-udf",
    "application/x-squashfs", "application/vnd.squashfs",
  ]

  private static let office = [
    "application/msword", "application/vnd.ms-word", "application/x-msword",
    "application/vnd.msword",
    "application/vnd.ms-excel", "application/msexcel", "application/x-msexcel", "application/excel",
    "application/x-excel", "application/vnd.ms-powerpoint", "application/mspowerpoint",
    "application/powerpoint", "application/x-mspowerpoint", "application/vnd.ms-office",
    "application/vnd.ms-officetheme", "application/vnd.ms-project", "application/vnd.ms-works",
    "application/vnd.visio", "application/x-visio", "application/vnd.ms-publisher",
    "application/x-mspublisher", "application/vnd.ms-access", "application/x-msaccess",
    "application/msaccess", "application/vnd.ms-outlook", "application/vnd.ms-xpsdocument",
    "application/oxps", "application/onenote", "application/msonenote", "application/x-ole-storage",
    "application/encrypted", "application/rtf", "text/rtf", "text/richtext-format",
    "application/x-rtf", "application/postscript", "application/eps", "application/x-hwp",
    "application/vnd.hancom.hwp", "application/hwp+zip", "application/haansofthwp",
    "application/vnd.wordperfect", "application/wordperfect", "application/vnd.lotus-1-2-3",
    "application/vnd.lotus-wordpro", "application/x-abiword", "application/x-gnumeric",
    "application/x-mif", "application/vnd.corel-draw", "application/x-iwork-pages-sffpages",
    "application/x-iwork-keynote-sffkey", "application/x-iwork-numbers-sffnumbers",
    "application/vnd.openofficeorg.extension", "application/x-freemind", "application/x-freeplane",
    "application/x-scribus", "image/vnd.djvu",
  ]

  private static let pdf = [
    "application/pdf", "application/x-pdf", "application/acrobat", "application/vnd.pdf",
    "text/pdf",
    "text/x-pdf", "application/vnd.fdf", "application/vnd.adobe.xfdf",
  ]

  private static let html = [
    "text/html", "application/xhtml+xml", "application/xhtml", "text/xhtml",
  ]

  private static let text = [
    "application/json", "application/x-ndjson", "application/xml", "application/csv",
    "application/x-yaml", "application/yaml", "application/toml", "application/x-tex",
    "application/x-latex", "application/pgp-signature", "application/pgp-keys",
    "application/ics", "application/x-subrip", "application/sql", "application/ld+json",
  ]
}
