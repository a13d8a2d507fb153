// What libmagic 5.44 could take a text for instead of text: every entry of its database that brings
// a name of another family and whose first test plain text can pass. Derived from the database by
// listing its 3,548 first tests; where continuation lines exclude text (a NUL or a control at a
// fixed place), the entry is left out. Some are shortened, so that
// more is excluded than need be.

enum PlainTextRivals {
  /// Beginnings of the content, in this case.
  static let beginnings: [String] = [
    "!<arch>", "!BDN", "# KDE Config", "# PaCkAgE Da", "# abook addr", "#!", "#FIG", "#VRML",
    "#X3D", "$SDI", "%!", "%FDF-", "%PDF-", "(C) CED 87", "**** FRITZ!B", "*PPD-Adobe: ",
    "-----BEGIN P", ".snd", "/* ", "0       ", "070701", "070702", "070707", "1giM", "8BPS", ";",
    "<?", "<BookFile", "<MIFFile", "<MML", "<Maker Inter", "<MakerFile", "<MakerScreen",
    "<SCRIBUSUTF8", "<ar>", "<map", "<svg", "=srl", "=órl", "@", "ABF ", "AC1.2", "AC1.3",
    "AC1.40", "AC1.50", "AC1001", "AC1002", "AC1003", "AC1004", "AC1006", "AC1009", "AC1012",
    "AC1013", "AC1014", "AC1015", "AC1018", "AC1021", "AC1024", "AC1027", "AC1032", "AC1035",
    "AC2.10", "AC2.21", "AC2.22", "ADIF", "ADU1", "ADU2", "AES", "ALPHA-TRACE-", "ANDROID BACK",
    "APIC", "ASTM-E57", "AT&TFORM", "ATES MEDICA ", "ATF", "AUDIMG", "AUX", "AWBM", "Abort",
    "AntiVir Qua", "Article", "B&W256", "BA", "BCI2000V", "BLENDER", "BM", "BP", "BZ0", "BZh",
    "Brain Vision", "CAR 2.01", "CEDFILE", "CI", "CO ", "CP", "CSTM", "CTMF", "CWAV",
    "ClamAV-VDB:", "Cr24", "Creative Voi", "DATA", "DBPF", "DEMG", "DF;", "DIST", "DOC", "DOS",
    "DSD ", "DSDT", "DVDVIDEO-VMG", "DVDVIDEO-VTS", "DZ", "Date:", "EBUILD", "EDILZSS",
    "Embla data f", "Extended Mod", "FACP", "FGF95a", "FILE", "FORM", "FOVb", "FSTM",
    "FUJIFILMCCD-", "FileId=TMSi ", "Forward to", "From:", "GALILEO EEG ", "GDBM", "GDF", "GDST",
    "GIF8", "GIF94z", "GRIB", "GRUBLAYO", "GST2", "Glul", "HEADER    ", "Header", "IAvSFo", "IC",
    "ID3", "ID;P", "IGOR", "IIN1", "IIO1$", "IIO2H", "IIRO", "IIRS", "IMPM", "IN;", "INPS",
    "IP0", "ISHNE1.0", "ISc(", "ITOLITLS", "Inno Setup M", "Inno Setup U", "JARCS", "KpGr",
    "LPKSHHRH", "LRZI", "LX", "LYNX", "LZIP", "MAC ", "MANIFEST", "MAS_UTrack_V", "MATLAB",
    "MC0.0", "MCFG", "MDMP", "MMOR", "MOVI", "MP+", "MPCK", "MThd", "MZ", "Microsoft C/",
    "N#! rnews", "NEKO", "NEX1", "NP", "OTTO", "OggS", "P1", "P2", "P3", "P4", "P5", "P6", "P7",
    "PA", "PBF", "PDN3", "PGF", "POLY SAMPLE ", "PO^Q`", "PS ", "PS4", "PS9", "PSF",
    "Packed File ", "Path:", "Pipe to", "PuTTY-User-K", "REGEDIT", "RE~^", "RIFF", "RIFX",
    "RSTM", "RaS", "Received:", "Relay-Versio", "SAP", "SBI", "SBMBAKUP_", "SDPX",
    "SEGA SEGAKAT", "SEGA SEGASAT", "SEGABOOTDISC", "SEGADISCSYST", "SGA3", "SIMPLE  =", "SIT!",
    "SLIC", "SP", "SQLite forma", "SSDT", "SplineFontDB", "StuffIt", "T3-state-v", "TABLE",
    "TADS2 bin", "TADS2 rsc", "TADS2 save", "TNES", "ToKyO CaBiNe", "Type", "UNIF",
    "V3.0        ", "VER=9", "Vgm ", "WARC/", "WBFS", "WINE REGISTR", "Windows Regi", "XBEH",
    "XBTF", "XEX1", "XEX2", "XPDS", "Xcur", "Xref:", "[", "axgx", "conectix", "d13:announce",
    "d4:info", "d7:comment", "d8:announce", "drpm", "fLaC", "filedesc://", "gimp xcf", "glTF",
    "hsi1", "icns", "push", "qoif", "qpress10", "tfMR", "true", "ttcf", "typ1", "wOF2", "wOFF",
    "xar!", "{\\pwd", "{\\rtf", "{\\urtf",
  ]

  /// Beginnings of the content, in either case.
  static let beginningsInAnyCase: [String] = [
    "<!--", "<!doctype", "<html>", "begmf", "delivered-to", "return-path:",
  ]

  /// Strings at a fixed place further on, in either case.
  static let atOffset: [(Int, String)] = [
    (1, "*nintendo-hvc*"), (1, "sar"), (1, "ws"), (2, "-lh"), (2, "-lz"), (2, "-pm"),
    (2, "garmin "), (2, "mmxpr3"), (3, "stl"), (4, "ftyp"), (4, "idsc"), (4, "mdat"),
    (4, "moov"), (4, "pckg"), (4, "standard ace db"), (4, "standard jet db"), (4, "stop"),
    (6, "%!fonttype1"), (6, "%!ps-adobefont-1."), (6, "%ps-adobefont-1."), (7, "**ace**"),
    (8, "sdbf"), (10, "# this is a shell archive"), (10, "by snk corporation"), (10, "plexon"),
    (12, "dsd "), (16, "sega segakatana "), (16, "sega segasaturn "), (16, "segabootdisc    "),
    (16, "segadiscsystem  "), (20, "45"), (20, "gimp"), (20, "gpat"), (21, "!scream!"),
    (21, "bmod2stm"), (24, "ftcomp"), (36, "acsp"), (38, "spreadsheet"), (39, "<gmr:workbook"),
    (44, "scrm"), (60, "bookmobi"), (60, "rinex"), (128, "dicm"), (230, "%!fonttype1"),
    (252, "must have dos version"), (256, "ima"), (256, "picture magic"), (256, "samsung pico"),
    (256, "sega"), (257, "ustar"), (640, "eagn"), (640, "eamg"), (1024, "m7r0\ni"),
    (1080, "16cn"), (1080, "32cn"), (1080, "4chn"), (1080, "6chn"), (1080, "8chn"),
    (1080, "cd81"), (1080, "flt4"), (1080, "flt8"), (1080, "m!k!"), (1080, "m.k."),
    (1080, "okta"), (8176, "tmr sega"), (16_368, "tmr sega"),
  ]

  /// Strings anywhere (in the database: in the first 4,096 or 8,192 bytes). For a pattern, a string
  /// that each of its matches contains.
  static let anywhere: [String] = [
    "%pdf-", "require(", "__bundle", "exports", "(function", "(async", "use strict", "typeof",
    "eval \"", "eval '", "__init__", "__name__", "def ", "<script", "href=", "<title", "<style",
    "<table", "<head", "<html", "<!doctype", "<makerdict", "internetshortcut", "id=imagemagick",
    "eapi=", "@eclass", "(ns", "(defn", " ncells:", "(this file ", "#!", "<?", "%!ps",
  ]

  /// Words that begin a line, after blanks.
  static let beginningLines: [String] = [
    "export", "import", "class", "module", "require", "include", "section\r", "section\n",
  ]
}
