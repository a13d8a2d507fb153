// What is known of a file before it is looked into: what it looks like, what it is called.
package import FileTypes

package struct DocumentHints: Equatable, Sendable {
  /// What it looks like, and what it was declared as.
  package var kinds: Set<FileKind> = []
  /// MIME names, as far as they are known: declared and sniffed.
  package var types: Set<String> = []
  /// Extensions of its names, in lower case, without the dot.
  package var extensions: Set<String> = []

  package init() {}

  package init(kinds: Set<FileKind>, types: Set<String> = [], extensions: Set<String> = []) {
    self.kinds = kinds
    self.types = types
    self.extensions = extensions
  }

  private static let pages: Set<String> = [
    "htm", "html", "xhtml", "xht", "shtml", "shtm", "hta", "htx", "stm", "wsf", "sct",
  ]

  /// Programs open it as a page.
  var isPage: Bool { kinds.contains(.html) || !extensions.isDisjoint(with: Self.pages) }

  /// Office opens it, or tries to.
  var isOffice: Bool {
    kinds.contains(.office)
      || extensions.contains { one in Self.documents.contains { one.hasPrefix($0) } }
  }

  private static let documents = [
    "doc", "dot", "xls", "xlt", "xla", "xlw", "ppt", "pps", "pot", "ppa", "sld", "vsd", "vst",
    "vss", "pub", "mpp", "odt", "ods", "odp", "odg", "odf", "ott", "ots", "otp", "sxw", "sxc",
  ]

  /// Some program opens it as a document or a shortcut that is looked into here. Tables that are
  /// text are left out: they are large, and honest.
  var isDocument: Bool {
    isPage || isOffice || isArchivedPage || isSVG || !extensions.isDisjoint(with: Self.others)
  }

  private static let others: Set<String> = [
    "pdf", "rtf", "one", "slk", "url", "website", "desktop", "rdp", "scf", "library-ms",
    "search-ms", "searchconnector-ms", "settingcontent-ms", "iqy", "oqy", "rqy",
  ]

  /// A page with all its files in one.
  var isArchivedPage: Bool {
    extensions.contains("mht") || extensions.contains("mhtml")
      || types.contains("application/x-mimearchive")
  }

  var isSVG: Bool {
    types.contains("image/svg+xml") || types.contains("image/svg-xml")
      || extensions.contains("svg") || extensions.contains("svgz")
  }

  var isXML: Bool {
    types.contains("application/xhtml+xml") || extensions.contains("xhtml")
      || extensions.contains("xht") || types.contains("text/xml")
      || types.contains("application/xml") || extensions.contains("xml")
  }
}
