// Which samples are decided how.

import FileTypes

enum SampleLists {
  /// Both name and kind are sure.
  static let named: [Sample] = programs + archives + documents + media + texts

  private static let programs: [Sample] = [
    Sample("PE at 0x80", Samples.dos(header: 0x80, magic: "PE\0\0")),
    Sample("PE at 0xF8", Samples.dos(header: 0xF8, magic: "PE\0\0")),
    Sample("PE at the end", Samples.dos(header: 396, magic: "PE\0\0")),
    Sample("ELF object", Samples.elf(type: 1)), Sample("ELF program", Samples.elf(type: 2)),
    Sample("ELF program, big-endian", Samples.elf(type: 2, bits: 1, order: 2)),
    Sample("ELF core", Samples.elf(type: 4)),
    Sample("Mach-O 64", [0xCF, 0xFA, 0xED, 0xFE], little(0x0100_0007, 4), little(3, 4), zeros(60)),
    Sample("Mach-O 32", [0xCE, 0xFA, 0xED, 0xFE], little(7, 4), little(3, 4), zeros(60)),
    Sample("Mach-O fat", big(0xCAFE_BABE, 4), big(2, 4), zeros(60)),
    Sample("Java class", big(0xCAFE_BABE, 4), big(0x34, 4), big(16, 2), zeros(60)),
    Sample(
      "shortcut", little(0x4C, 4), [1, 0x14, 2, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0x46],
      little(0x9B, 4), zeros(60)),
    Sample("wasm", [0, 0x61, 0x73, 0x6D, 1, 0, 0, 0], zeros(8)),
    Sample("help", ascii("ITSF"), little(3, 4), little(0x60, 4), little(1, 4), zeros(60)),
    Sample(
      "deb", ascii("!<arch>\ndebian-binary   0           0     0     100644  4         `\n2.0\n")),
    Sample("rpm", [0xED, 0xAB, 0xEE, 0xDB, 3, 0, 0, 0, 0, 1], ascii("pkg"), zeros(100)),
  ]

  private static let archives: [Sample] = [
    Sample("gzip", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0x4B, 4, 0], zeros(8)),
    Sample(
      "gzip with name", [0x1F, 0x8B, 8, 8, 1, 2, 3, 4, 0, 3], ascii("a.tar\0xyzxyz"), zeros(8)),
    Sample("bzip2", ascii("BZh91AY&SY"), zeros(8)),
    Sample("xz", [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0, 0, 4, 0xE6, 0xD6, 0xB4, 0x46]),
    Sample("zstd", [0x28, 0xB5, 0x2F, 0xFD, 4, 0x58, 0x41, 0, 0], ascii("hello")),
    Sample("lz4", [0x04, 0x22, 0x4D, 0x18, 0x64, 0x40, 0xA7], zeros(10)),
    Sample("7z", [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C, 0, 4], zeros(40)),
    Sample("rar 4", ascii("Rar!"), [0x1A, 7, 0, 0xCF, 0x90, 0x73, 0, 0, 0x0D], zeros(40)),
    Sample("rar 5", ascii("Rar!"), [0x1A, 7, 1, 0, 0x33, 0x92, 0xB5, 0xE5, 0x0A, 1, 5, 6, 0]),
    Sample("tnef", [0x78, 0x9F, 0x3E, 0x22, 1, 0], zeros(40)),
    Sample("empty zip", ascii("PK\u{5}\u{6}"), zeros(18)),
    Sample("vhd", ascii("conectix"), zeros(100)),
    Sample("qcow", [0x51, 0x46, 0x49, 0xFB, 0, 0, 0, 2], zeros(60)),
  ]

  private static let documents: [Sample] = [
    Sample(
      "pdf", ascii("%PDF-1.4\n%"), [0xE2, 0xE3, 0xCF, 0xD3], ascii("\n1 0 obj\n<<>>\nendobj\n")),
    Sample("pdf of text", ascii("%PDF-1.7\n1 0 obj\n<<>>\nendobj\n")),
    Sample("pdf 2", ascii("%PDF-2.0\n%"), [0xE2, 0xE3, 0xCF, 0xD3, 0x0A], ascii("1 0 obj")),
    Sample("rtf", ascii("{\\rtf1\\ansi\\deff0 hello}")),
    Sample("postscript", ascii("%!PS-Adobe-3.0\n%%Title: x\nshowpage\n")),
    Sample("odt", Samples.openDocument("text")), Sample("ods", Samples.openDocument("spreadsheet")),
    Sample("odp", Samples.openDocument("presentation")),
    Sample("odg", Samples.openDocument("graphics")),
    Sample("docx", Samples.officePackage("word/", before: ["[Content_Types].xml", "_rels/.rels"])),
    Sample("xlsx", Samples.officePackage("xl/", before: ["[Content_Types].xml", "_rels/.rels"])),
    Sample(
      "pptx", Samples.officePackage("ppt/", before: ["[Content_Types].xml", "customXml/item.xml"])),
    Sample(
      "docx, fourth entry",
      Samples.officePackage(
        "word/", before: ["[Content_Types].xml", "_rels/.rels", "docProps/core.xml"])),
    Sample("docx, first entry", Samples.officePackage("word/", before: [])),
  ]

  private static let media: [Sample] = [
    Sample(
      "png", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], big(13, 4), ascii("IHDR"), big(1, 4),
      big(1, 4), [8, 2, 0, 0, 0, 0x90, 0x77, 0x53, 0xDE]),
    Sample("jpeg", [0xFF, 0xD8, 0xFF, 0xE0, 0, 16], ascii("JFIF\0"), [1, 1, 0, 0, 1, 0, 1, 0, 0]),
    Sample("jpeg, Exif", [0xFF, 0xD8, 0xFF, 0xE1, 0, 16], ascii("Exif\0\0II*\0"), zeros(20)),
    Sample("jpeg, bare", [0xFF, 0xD8, 0xFF, 0xDB, 0, 0x43, 0], [UInt8](repeating: 1, count: 64)),
    Sample("gif 87", ascii("GIF87a"), little(1, 2), little(1, 2), [0x80, 0, 0]),
    Sample("gif 89", ascii("GIF89a"), little(1, 2), little(1, 2), [0x80, 0, 0, 0x3B]),
    Sample("tiff II", ascii("II*\0"), little(8, 4), zeros(20)),
    Sample("tiff MM", [0x4D, 0x4D, 0, 0x2A], big(8, 4), zeros(20)),
    Sample(
      "bmp", ascii("BM"), little(1000, 4), zeros(4), little(54, 4), little(40, 4), little(10, 4),
      little(10, 4), little(1, 2), little(24, 2), zeros(24)),
    Sample(
      "psd", ascii("8BPS\0\u{1}"), zeros(6), big(3, 2), big(1, 4), big(1, 4), big(8, 2), big(3, 2)),
    Sample("webp", ascii("RIFF"), little(36, 4), ascii("WEBPVP8 "), zeros(20)),
    Sample(
      "wav", ascii("RIFF"), little(36, 4), ascii("WAVEfmt "), little(16, 4), little(1, 2),
      little(1, 2), zeros(20)),
    Sample("avi", ascii("RIFF"), little(36, 4), ascii("AVI LIST"), zeros(30)),
    Sample("flac", ascii("fLaC\0\0\0"), [0x22], zeros(40)),
    Sample("midi", ascii("MThd"), big(6, 4), big(1, 2), big(1, 2), big(0x60, 2)),
    Sample("amr", ascii("#!AMR\n"), zeros(10)),
    Sample("flv", ascii("FLV\u{1}"), [5, 0, 0, 0, 9, 0, 0, 0, 0]),
    Sample(
      "asf",
      [0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11, 0xA6, 0xD9, 0, 0xAA, 0, 0x62, 0xCE, 0x6C],
      zeros(40)),
    Sample("ogg vorbis", Samples.ogg("\u{1}vorbis")), Sample("ogg opus", Samples.ogg("OpusHead")),
    Sample("mp4", Samples.media("isom")), Sample("mp41", Samples.media("mp41")),
    Sample("mp42", Samples.media("mp42")), Sample("avc1", Samples.media("avc1")),
    Sample("iso2", Samples.media("iso2")), Sample("dash", Samples.media("dash")),
    Sample("m4a", Samples.media("M4A ")), Sample("m4v", Samples.media("M4V ")),
    Sample("quicktime", Samples.media("qt  ")), Sample("3gp", Samples.media("3gp4")),
    Sample("heic", Samples.media("heic")), Sample("avif", Samples.media("avif")),
    Sample("heif", Samples.media("mif1")),
  ]

  static let texts: [Sample] = [
    Sample("sh", ascii("#!/bin/sh\necho\n")), Sample("bash", ascii("#!/bin/bash\necho\n")),
    Sample("env bash", ascii("#!/usr/bin/env bash\necho\n")),
    Sample("ksh", ascii("#!/bin/ksh\nx\n")),
    Sample("csh", ascii("#!/bin/csh\nx\n")), Sample("zsh", ascii("#!/bin/zsh\nx\n")),
    Sample("perl", ascii("#!/usr/bin/perl\nprint 1;\n")),
    Sample("env perl", ascii("#!/usr/bin/env perl\nprint 1;\n")),
    Sample("python", ascii("#!/usr/bin/python3\nimport os\n")),
    Sample("env python", ascii("#!/usr/bin/env python3\nimport os\n")),
    Sample("ruby", ascii("#!/usr/bin/ruby\nputs 1\n")),
    Sample("doctype", ascii("<!DOCTYPE html>\r\n<html><head><title>x</title></head></html>\r\n")),
    Sample("old doctype", ascii("<!doctype HTML PUBLIC \"-//W3C//DTD HTML 4.01//EN\">\r\nx\r\n")),
    Sample("html", ascii("<html><body>x</body></html>\r\n")),
    Sample("HTML", ascii("<HTML>\r\n<BODY>Gr"), [0xC3, 0xBC], ascii("n</BODY>\r\n")),
    Sample("html, Latin 1", ascii("<html>Gr"), [0xFC], ascii("n</html>\r\n")),
  ]

  static func isText(_ sample: Sample) -> Bool {
    texts.contains { $0.name == sample.name } || sample.name == "rtf"
  }

  /// Only the kind is sure.
  static let kindOnly: [(Sample, FileKind)] = [
    (Sample("ELF shared object", Samples.elf(type: 3)), .executable),
    (
      Sample(
        "cabinet", ascii("MSCF"), zeros(4), little(100, 4), zeros(4), little(44, 4), zeros(4),
        [3, 1], little(1, 2), little(1, 2), zeros(40)),
      .archive
    ),
    (Sample("dex", ascii("dex\n035\0"), zeros(60)), .executable),
    (
      Sample(
        "OneNote",
        [
          0xE4, 0x52, 0x5C, 0x7B, 0x8C, 0xD8, 0xA7, 0x4D, 0xAE, 0xB1, 0x53, 0x78, 0xD0, 0x29, 0x96,
          0xD3,
        ], zeros(64)), .office
    ),
    (
      Sample(
        "png without IHDR", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], big(13, 4),
        ascii("ABCD")), .image
    ),
    (Sample("vhdx", ascii("vhdxfile"), zeros(100)), .diskImage),
    (Sample("iso 9660", zeros(32_768), [1], ascii("CD001\u{1}\0"), zeros(2040)), .diskImage),
    (Sample("udf", zeros(32_768), [0], ascii("BEA01\u{1}\0"), zeros(2040)), .diskImage),
    (Sample("mp3 with tag", ascii("ID3\u{3}\0\0\0\0\0\nTIT2"), zeros(60)), .audio),
    (Sample("webm", [0x1A, 0x45, 0xDF, 0xA3, 0x9F, 0x42, 0x86, 0x81, 1]), .video),
    (Sample("script of an unknown interpreter", ascii("#! /opt/x/y -z\nabc\n")), .script),
    (Sample("script with data", ascii("#!/bin/sh\n\0\u{1}\u{2}")), .script),
  ]

  /// Nothing is sure: libmagic is asked.
  static let open: [Sample] = [
    Sample("nothing"), Sample("one byte", [0x4D]), Sample("seven bytes", ascii("%PDF-1.")),
    Sample(
      "MZ in a text",
      ascii("MZ is how this text begins, and it goes on for more than 64 bytes.....")),
    Sample("MZ, PE beyond the end", Samples.dos(header: 397, magic: "PE\0\0")),
    Sample("MZ, header offset huge", Samples.dos(header: 0x7FFF_FFFF, magic: "PE\0\0")),
    Sample("MZ, NE", Samples.dos(header: 0x80, magic: "NE\0\0")),
    Sample("GIF8 in a text", ascii("GIF8 is not a picture\r\n")),
    Sample(
      "BM in a text", ascii("BMW is a car and this is a text about it, long enough to be a bitmap.")
    ),
    Sample("BZ in a text", ascii("BZh9 is not a compressed file\r\n")),
    Sample("plain zip", Samples.entry("a.txt", ascii("hello")), zeros(60)),
    Sample("odt template", Samples.openDocument("text-template")),
    Sample("Canon raw", ascii("II*\0"), little(16, 4), ascii("CR\u{2}\0"), zeros(20)),
    Sample("html with NUL", ascii("<html><body>\0x</body></html>")),
    Sample("html with a diff", ascii("<html>\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n")),
    Sample(
      "block gzip", [0x1F, 0x8B, 8, 4, 0, 0, 0, 0, 0, 0xFF, 6, 0, 0x42, 0x43, 2, 0], zeros(20)),
    Sample("prose", ascii("Hello,\r\nthis is prose.\r\n")),
    Sample("OLE2", [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], zeros(504)),
  ]
}
