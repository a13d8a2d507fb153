// What libmagic 5.44 could take a text for instead of text: every entry of its database that brings a
// name of another family and whose first test plain text can pass. Derived from the database by
// listing its 3,548 first tests; where continuation lines exclude text (a NUL or a control at a fixed
// place), the entry is left out. All in lower-case and shortened: more is excluded than need be.

enum PlainTextRivals {
  /// Beginnings of the content.
  static let beginnings: [String] = [
    "!<arch", "!bdn", "# aboo", "# kde ", "# pack", "#!", "#fig", "#vrml ", "#x3d", "$sdi", "%!",
    "%fdf-", "%pdf-", "(c) ce", "**** f", "*ppd-a", "-----b", ".snd", "/* ", "0     ", "070701",
    "070702", "070707", "1gim", "8bps", ";", "<!--", "<!doct", "<?", "<ar>", "<bookf", "<html>",
    "<maker", "<map v", "<miffi", "<mml", "<scrib", "<svg", "=srl", "@", "[", "abf ", "abort",
    "ac1.2", "ac1.3", "ac1.40", "ac1.50", "ac1001", "ac1002", "ac1003", "ac1004", "ac1006",
    "ac1009", "ac1012", "ac1013", "ac1014", "ac1015", "ac1018", "ac1021", "ac1024", "ac1027",
    "ac1032", "ac1035", "ac2.10", "ac2.21", "ac2.22", "adif", "adu1", "adu2", "aes", "alpha-",
    "androi", "antivi", "apic", "articl", "astm-e", "at&tfo", "ates m", "audimg", "aux", "awbm",
    "axgx", "b&w256", "ba", "bci200", "begmf", "blende", "bm", "bp", "brain ", "bz0", "bzh",
    "car 2.", "cedfil", "ci", "clamav", "co ", "conect", "cp", "cr24", "creati", "cstm", "ctmf",
    "cwav", "d13:an", "d4:inf", "d7:com", "d8:ann", "data", "date:", "dbpf", "delive", "demg",
    "df;", "dist", "doc", "dos", "drpm", "dsd ", "dsdt", "dvdvid", "dz", "ebuild", "edilzs",
    "embla ", "extend", "facp", "fgf95a", "file", "flac", "form", "forwar", "fovb", "from:",
    "fstm", "fujifi", "galile", "gdbm", "gdf", "gdst", "gif8", "gif94z", "gimp x", "gltf",
    "glul", "grib", "grubla", "gst2", "header", "hsi1", "iavsfo", "ic", "id3", "id;p", "igor",
    "iin1", "iio1$", "iio2h", "iiro", "iirs", "impm", "in;", "inno s", "inps", "ip0", "isc(",
    "ishne1", "itolit", "jarcs", "kpgr", "lpkshh", "lrzi", "lx", "lynx", "lzip", "mac ",
    "manife", "mas_ut", "matlab", "mc0.0", "mcfg", "mdmp", "micros", "mmor", "movi", "mp+",
    "mpck", "mthd", "mz", "n#! rn", "neko", "nex1", "np", "oggs", "otto", "p1", "p2", "p3", "p4",
    "p5", "p6", "p7", "pa", "pbf", "pdn3", "pgf", "pipe t", "po^q`", "poly s", "ps ", "ps4",
    "ps9", "psf", "push", "putty-", "qoif", "qpress", "ras", "receiv", "regedi", "relay-",
    "return", "re~^", "riff", "rifx", "rstm", "sbi", "sbmbak", "sdpx", "sega s", "segabo",
    "segadi", "sga3", "simple", "sit!", "slic", "sp", "sqlite", "ssdt", "stuffi", "t3-sta",
    "table", "tads2 ", "tfmr", "tnes", "tokyo ", "true", "ttcf", "typ1", "type", "unif",
    "v3.0  ", "ver=9", "vgm ", "warc/", "wbfs", "window", "wine r", "wof2", "woff", "xar!",
    "xbeh", "xbtf", "xcur", "xex1", "xex2", "xpds", "xref:", "{\\pwd", "{\\rtf", "{\\urtf",
  ]

  /// Strings at a fixed place further on.
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
