// Text that nobody sees, and text that everybody does.
import FileTypes
import RuleBytecode
import Testing

@testable import FileContents

struct HiddenTextTests {
  private static func hides(_ page: String, _ limits: DocumentLimits = DocumentLimits()) -> Bool {
    var reader = DocumentReader(limits: limits)
    let findings = reader.findings(in: Array(page.utf8).span, DocumentHints(kinds: [.html]))
    return findings.traits.contains(.hiddenText)
  }

  static let hidden = [
    "<div style=\"display:none\">x</div>", "<DIV STYLE='DISPLAY : NONE !important'>x",
    "<p style=display:none>x</p>", "<span hidden>x</span>", "<div hidden=''><p>x</p></div>",
    "<p style='visibility:hidden'>x", "<p style='opacity:0.01'>x", "<p style='opacity:0'>x",
    "<p style='font-size:0px'>x", "<p style='font-size:1px'>x",
    "<p style='font:0/0 a'>x".replacing("0/0", with: "0px"),
    "<p style='color:#fff;background:#FFFFFF'>x", "<font color=white style='background:#fff'>x",
    "<td bgcolor=#123456><p style='color:rgb(18, 52, 86)'>x", "<p style='color:transparent'>x",
    "<body bgcolor=white text=white>x", "<p style='color:rgba(0,0,0,0)'>x",
    "<div style='max-height:0;overflow:hidden'>x",
    "<div style='height:0;width:0;overflow:hidden'>x",
    "<p style='position:absolute;left:-9999px'>x", "<p style='text-indent:-9999px'>x",
    "<p style='position:absolute;clip:rect(0 0 0 0)'>x", "<p style='transform:scale(0)'>x",
    "<p style='mso-hide:all'>x",
    "<p style='dis/* a */play:none'>x".replacing("dis/* a */play", with: "/**/display"),
    "<p style='\\64 isplay:none'>x", "<p style='display&colon;none'>x",
    "<style>.a{display:none}</style><p class='b a'>x",
    "<style>td.a,#b{display:none}</style><p id=b>x",
    "<style>@import 'x';.a{visibility:hidden}</style><p class=a>x",
    "<style>@media screen{.a{display:none}}</style><p class=a>x",
    "<style><!-- i{display:none} --></style><i>x</i>",
    "<div style='display:none'><div>a</div>x</div>", "<div style='display:none'>&#97;</div>",
    "<p style='font-size:0'><b style='color:red'>x</b></p>",
  ]

  static let shown = [
    "<div style=\"display:none\"></div>x",
    "<div style='display:none'>&nbsp;&zwnj;&#847; \u{200c}</div>x",
    "<div style='display:block'>x</div>",
    "<p style='font-size:0'><b style='font-size:12px'>x</b></p>",
    "<td style='font-size:0px'><div style='font-size:13px'>x</div></td>",
    "<td background=x.png bgcolor=white style='color:#fff'>x</td>", "<p style='color:#fff'>x</p>",
    "<td style='color:#fff;background:#fff url(x)'>x</td>",
    "<p style='color:#fff;background:url(x)'>x</p>",
    "<table bgcolor=white><tr><td bgcolor=blue><font color=white>x</font></td></tr></table>",
    "<div style='height:0'>x</div>", "<div style='overflow:hidden;width:600px'>x</div>",
    "<p style='font-size:1em;opacity:1;text-indent:-5px'>x", "<p style='font-size:1.5rem'>x",
    "<style>@media (max-width:600px){.a{display:none}}</style><p class=a>x",
    "<style>@media print{.a{display:none}}</style><p class=a>x",
    "<style>.a p{display:none}</style><p class=a>x", "<style>.a{display:none}</style><p class=b>x",
    "<!--[if mso]><style>.a{display:none}</style><![endif]--><p class=a>x",
    "<!--[if mso]><p style='display:none'>x</p><![endif]-->", "<img style='display:none' src=x>x",
    "<p style='display:none'></p><p>x</p>", "<p style='display:none'><p>x</p>",
    "<div style='display:none'><script type='application/json'>x</script></div>",
    "<div hidden=until-found>x</div>", "<input type=hidden>x", "<br style='display:none'/>x",
  ]

  @Test(arguments: hidden) func nobodySees(_ page: String) { #expect(Self.hides(page)) }

  @Test(arguments: shown) func everybodySees(_ page: String) { #expect(!Self.hides(page)) }

  /// At the limit what is open is followed; one past it a hidden element counts unseen.
  @Test func openElements() {
    var limits = DocumentLimits()
    limits.hiddenElementsMax = 3
    let empty = "<i style='display:none'></i>x"
    #expect(!Self.hides("<b style='color:red'><b style='color:red'>" + empty, limits))
    let more = String(repeating: "<b style='color:red'>", count: 3)
    #expect(Self.hides(more + empty.replacing("</i>", with: "x</i>"), limits))
  }

  @Test func selectors() {
    var limits = DocumentLimits()
    limits.hidingSelectorsMax = 2
    let sheet = "<style>.a,.b{display:none}.c{display:none}</style>"
    #expect(Self.hides(sheet + "<p class=b>x", limits))
    #expect(!Self.hides(sheet + "<p class=c>x", limits))
  }
}
