// Looks into documents: everything that a rule can ask about one file's content is found at once.
// A file is read as everything that its name, its declaration or its bytes say it is, since some
// program will.
// Trusts nothing: every reader behind it is one pass over bounded data, without recursion.

internal import FileTypes

package struct DocumentReader {
  package let limits: DocumentLimits
  /// Bytes that were read and unpacked, for whoever pays for it.
  package private(set) var bytesRead = 0
  private let bytesMax: Int

  /// - Parameter bytesMax: Bytes that may be read and unpacked, each as often as it is read.
  package init(limits: DocumentLimits = DocumentLimits(), bytesMax: Int = 128 << 20) {
    self.limits = limits
    self.bytesMax = bytesMax
  }

  /// What the file holds.
  package mutating func findings(
    in bytes: Span<UInt8>, _ hints: DocumentHints = DocumentHints()
  ) -> ContentFindings {
    var findings = ContentFindings()
    let isPicture = hints.isSVG || (!hints.isPage && Signatures.isSVG(bytes))
    if isPicture || hints.isPage || Signatures.isPage(bytes) {
      let isXML = isPicture || hints.isXML || Signatures.isXML(bytes)
      let page = MarkupReader.findings(
        in: bytes, isPicture: isPicture && !hints.isPage, isXML: isXML, limits,
        bytesMax: bytesMax - bytesRead)
      bytesRead += page.bytesRead
      findings.formUnion(page.findings)
    }
    if hints.kinds.contains(.pdf) || hints.extensions.contains("pdf") || Signatures.isPDF(bytes) {
      var budget = DocumentBudget(
        bytes: bytesMax - bytesRead, items: limits.itemsMax,
        streamBytesMax: limits.streamBytesMax)
      findings.formUnion(PDFReader.findings(in: bytes, &budget))
      settle(budget, &findings)
    }
    return findings
  }

  private mutating func settle(_ budget: DocumentBudget, _ findings: inout ContentFindings) {
    bytesRead = bytesMax - budget.bytesLeft
    findings.limitsHit.formUnion(budget.limitsHit)
  }
}
