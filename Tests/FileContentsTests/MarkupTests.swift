// What HTML and SVG hold, however they are written; and what honest pages do not hold.
import FileTypes
import RuleBytecode
import Testing

@testable import FileContents

struct MarkupTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let page: String
    let traits: Set<PartTrait>
    var testDescription: String { String(page.prefix(70)) }
  }

  private static func found(
    _ page: [UInt8], extensions: Set<String> = [], limits: DocumentLimits = DocumentLimits()
  ) -> ContentFindings {
    var reader = DocumentReader(limits: limits)
    return reader.findings(in: page.span, DocumentHints(kinds: [.html], extensions: extensions))
  }

  private static func cases(_ traits: Set<PartTrait>, _ pages: [String]) -> [Case] {
    pages.map { Case(page: $0, traits: traits) }
  }

  static let scripts = cases(
    [.htmlScript],
    [
      "<script>x()</script>", "<SCRIPT SRC=//x.example/a.js>", "<script", "<script/x>",
      "<scr\0ipt>x</script>", "<\0script>x", "<p><script\n>x", "<script type=module>x",
      "<script type=\"application/json\" type=text/javascript>x",
      "<img src=x onerror=alert(1)>", "<body\u{c}onload='x()'>", "<a/onclick=x()>y</a>",
      "<b =onclick onmouseover\n=\n\"x()\">", "<x onfocus=y autofocus>",
      "<a href=javascript:x()>y</a>", "<a href=\" \u{1}JaVaScRiPt:x()\">y</a>",
      "<a href='java\tscr\nipt:x()'>y</a>", "<a href=\"&#106;avascript&colon;x()\">y</a>",
      "<a href=&#x6A&#x61vascript&#58x()>y</a>", "<a href=\"java&Tab;script:x()\">y</a>",
      "<a href=`javascript:x()`>y</a>", "<a href=vbscript:x>y</a>",
      "<meta http-equiv=refresh content=\"0;URL=javascript:x()\">",
      "<meta content='0; url = \"javascript:x()\"' http-equiv=refresh>",
      "<!--><script>x</script>-->", "<!---><script>x</script>-->", "<!-- --!><script>x</script>",
      "<!-- a --><script>x</script>", "</ a><script>x", "<? a ><script>x", "<![CDATA[>]]><script>x",
      "<title><!--</title><script>x</script>", "<textarea></textareax></textarea><script>x",
      "<noscript><!--</noscript><script>x</script>-->", "<style><!--</style><script>x",
      "<math><!-- --><p><style><!--</style><script>x</script>",
      "<a title='>'><script>x", "<a title=\"<!--\"><script>x",
      "<p style=\"width:expression(x())\">",
      "<svg:script>x</svg:script>", "\u{feff}<script>x",
    ])

  static let others: [Case] =
    cases(
      [.htmlForm],
      [
        "<form action=x>", "<FORM>", "<button formaction=//x.example>y</button>",
        "<input name=a formaction=x>", "<isindex>",
      ])
    + cases(
      [.htmlIframe],
      [
        "<iframe src=x></iframe>", "<frameset><frame src=x></frameset>", "<object data=x></object>",
        "<embed src=x>", "<iframe srcdoc=\"a\"></iframe>", "<iframe/src=x>",
      ])
    + cases([.htmlIframe, .htmlForm], ["<iframe srcdoc=\"&lt;form>\"></iframe>"])
    + cases(
      [.htmlIframe, .htmlScript],
      [
        "<iframe srcdoc=\"&lt;iframe srcdoc='&amp;lt;script>'>\">", "<object data=javascript:x>",
      ])
    + cases(
      [.dataUrl],
      [
        "<a href=\"data:text/html,x\">y</a>", "<img src=' DATA:image/png;base64,AA=='>",
        "<p style=\"background:url(data:image/png;base64,AA==)\">x</p>",
        "<style>p{background:url(data:image/png;base64,AA==)}</style>",
        "<meta http-equiv=refresh content=\"0;url=data:text/html,x\">",
        "<a href=&#100;ata:,x>y</a>",
      ])
    + cases([.blobUrl], ["<a href=blob:https://x.example/1>y</a>"])
    + cases([.blobUrl, .dataUrl], ["<a download=a.exe href=\"data:;base64,TVo=\">y</a>"])
    + cases(
      [.blobUrl, .htmlScript],
      [
        "<script>var b = new Blob([x]);</script>", "<script>URL.createObjectURL(b)</script>",
        "<body onload=\"navigator.msSaveOrOpenBlob(b)\">",
      ])
    + cases(
      [.svgScript, .htmlScript],
      [
        "<svg><script>x</script></svg>", "<svg onload=x()>", "<p><svg><g onclick='x()'/></svg>",
        "<svg><a xlink:href=javascript:x()>y</a></svg>",
        "<svg><animate attributeName=onclick values=x /></svg>",
        "<svg><animate values='a;javascript:x()'/></svg>",
        "<svg><![CDATA[<a>]]><script>x</script></svg>",
        "<svg><style><script>x</script></style></svg>",
      ])

  static let honest = cases(
    [],
    [
      "", "plain", "<", "</", "<!", "<!-", "<!--", "a < b", "<p>hello</p>", "<onload=x>",
      "<a href=https://x.example/?javascript:x>y</a>", "<p>javascript:x &lt;script&gt;</p>",
      "<!-- <script>x</script> <form> -->", "<!--[if mso]><form><iframe><![endif]--><p>x</p>",
      "<!--[if !mso]><!--><p>x</p><!--<![endif]-->", "<![if !mso]><p>x</p><![endif]>",
      "<title><script>x</script></title>", "<style>a:before{content:'<script>'}</style>",
      "<textarea><form></textarea>", "<img alt=\"<script>\" title='onload=x'>",
      "<script type=\"application/ld+json\">{\"@type\":\"Order\"}</script>",
      "<p one=x only=y once=z>x</p>", "<o:p>&nbsp;</o:p><v:rect>x</v:rect>",
      "<meta name=description content=\"javascript: the good parts; url=javascript:\u{21}\">"
        .replacing("url=javascript:!", with: "u"),
      "<table bgcolor=#ffffff><tr><td style=\"color:#000\">x</td></tr></table>",
      "<input type=hidden value=x>", "<svg><path d='M0 0'/><title>x</title></svg>",
    ])

  @Test(arguments: scripts + others + honest)
  func findsTraits(_ one: Case) {
    let findings = Self.found(Array(one.page.utf8))
    #expect(findings.traits == one.traits)
    #expect(findings.limitsHit.isEmpty && findings.anomalies.isEmpty)
  }

  @Test(arguments: [false, true], ["<script>x", "<form>", "<a href=\"data:,x\">y</a>"])
  func twoByteCharactersHideNothing(isBig: Bool, _ page: String) {
    var bytes: [UInt8] = isBig ? [0xFE, 0xFF] : [0xFF, 0xFE]
    for byte in page.utf8 { bytes += isBig ? [0, byte] : [byte, 0] }
    #expect(Self.found(bytes).traits == Self.found(Array(page.utf8)).traits)
  }

  // MARK: Pictures

  static let pictures: [Case] =
    cases(
      [.svgScript],
      [
        "<svg><script>x</script></svg>", "<?xml version='1.0'?><svg onload=\"x()\"/>",
        "<svg><a href='&#x6A;avascript:x()'>y</a></svg>", "<s:svg xmlns:s='x'><s:script/></s:svg>",
        "<!DOCTYPE svg [<!ENTITY x SYSTEM \"http://x.example/\">]><svg>&x;</svg>",
        "<!DOCTYPE svg [<!ENTITY x \"&#60;script>\">]><svg>&x;</svg>",
        "<svg><foreignObject><body onload=x()></body></foreignObject></svg>",
        "<!-- <html> --><svg><![CDATA[<!--]]><script>x</script></svg>",
        "<?xml-stylesheet type='text/xsl' href='#x'?><svg/>",
      ])
    + cases(
      [],
      [
        "<svg><style><![CDATA[.a{display:none}]]></style><text class='a'>x</text></svg>",
        "<!DOCTYPE svg [<!ENTITY ns_svg \"http://www.w3.org/2000/svg\">]><svg xmlns='&ns_svg;'/>",
        "<svg><text>javascript:x</text></svg>", "<svg><!-- <script/> --></svg>",
      ])

  @Test(arguments: pictures)
  func findsScriptsInPictures(_ one: Case) {
    var reader = DocumentReader()
    let hints = DocumentHints(kinds: [.image], types: ["image/svg+xml"])
    #expect(reader.findings(in: Array(one.page.utf8).span, hints).traits == one.traits)
  }

  /// Whatever it is called: these would be shown.
  @Test func contentTellsToo() {
    func traits(_ text: String) -> Set<PartTrait> {
      var reader = DocumentReader()
      return reader.findings(in: Array(text.utf8).span).traits
    }
    #expect(traits("  \n<!DOCTYPE html><script>x") == [.htmlScript])
    #expect(traits("<svg xmlns='x'><script>x</script></svg>") == [.svgScript])
    #expect(traits("hello <script>x</script>") == [])
  }

  // MARK: Limits

  @Test func pagesInPages() {
    func page(_ depth: Int) -> String {
      var page = "<form>"
      for _ in 0..<depth {
        page = page.replacing("&", with: "&amp;").replacing("\"", with: "&quot;")
        page = "<iframe srcdoc=\"\(page)\">"
      }
      return page
    }
    let depth = DocumentLimits().innerPagesDepthMax
    let atLimit = Self.found(Array(page(depth).utf8))
    #expect(atLimit.traits == [.htmlIframe, .htmlForm] && atLimit.limitsHit.isEmpty)
    let past = Self.found(Array(page(depth + 1).utf8))
    #expect(past.traits == [.htmlIframe] && past.limitsHit == [.archiveDepth])
  }

  @Test func readsOnlySoOften() {
    var limits = DocumentLimits()
    limits.markupBytesLeast = 0
    limits.markupPassesMax = 2
    let page = Array("<svg></svg><form>".utf8)
    #expect(Self.found(page, limits: limits).limitsHit.isEmpty)
    limits.markupPassesMax = 1
    #expect(Self.found(page, limits: limits).limitsHit == [.archiveDepth])
    #expect(Self.found(page, limits: limits).traits == [.htmlForm])
  }

  // MARK: Anything

  @Test func everyTruncationAndChangeIsRead() {
    let page = Array(
      """
      <!DOCTYPE html><!-- a --><style>.x{color:#fff;display:none}</style><svg><![CDATA[a]]>
      <a xlink:href="java&#x73;cript:x">&nbsp;</a></svg>
      <p style='font-size:0'>a<meta content=url=data:>
      <iframe srcdoc="&lt;p>"></iframe><noscript><b onload=x></noscript>
      """.utf8)
    for end in page.indices { _ = Self.found(Array(page[..<end]), extensions: ["svg"]) }
    for index in page.indices {
      for byte in [0, 10, 34, 38, 45, 60, 62, 255] as [UInt8] {
        var changed = page
        changed[index] = byte
        _ = Self.found(changed, extensions: ["xhtml"])
      }
    }
  }
}
