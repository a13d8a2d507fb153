// The short way to the names in plain fields finds what the long one finds. A further parameter
// with a blank in its value says nothing of names, and sends a field the long way.

import Testing

@testable import MailMessage

@Suite struct PlainNameTests {
  private static let types = ["text/plain", "application/octet-stream", "TEXT/x-a.b+c", "x"]
  private static let dispositions = ["attachment", "inline", "form-data", "FORM-DATA", "x-a"]
  private static let parameters = [
    "filename=a.pdf", "filename=\"b-c.exe\"", "FileName=d.TXT", "name=e.zip", "name=\"f.g.h\"",
    "NAME=i", "filename=.j", "filename=k.", "filename=-", "name=l..m", "filename=1.5",
    "charset=utf-8", "charset=\"us-ascii\"", "size=12", "format=flowed",
    "boundary=\"----=_Part:1/2'3\"", "x-filename=n.exe", "names=o.exe", "name=", "filename=\"\"",
    "x=\"name=p.exe\"", "name*=q.exe", "filename*0=r.exe", "filename=s%20t.exe", "filename=u:v.w",
    "name=\"x;y.exe\"", "name=(z)a.exe", "filename=\"a b.exe\"", "na\\me=c.exe", "name =d.exe",
  ]
  private static let separators = ["; ", ";", ";\r\n ", ";\t", " ; ", ";; "]

  private func field(_ first: [String], _ random: inout SplitMix) -> String {
    var text = first.randomElement(using: &random) ?? ""
    for _ in 0..<Int.random(in: 0...3, using: &random) {
      text +=
        Self.separators[
          Int.random(in: 0..<20, using: &random) == 0 ? 5 : Int.random(in: 0..<4, using: &random)]
      text += Self.parameters.randomElement(using: &random) ?? ""
    }
    return text
  }

  @Test(arguments: 0..<40)
  func sameAsTheLongWay(_ seed: Int) {
    var random = SplitMix(state: UInt64(seed))
    var shortCount = 0
    for _ in 0..<250 {
      let type = "Content-Type: " + field(Self.types, &random)
      let disposition = "Content-Disposition: " + field(Self.dispositions, &random)
      let short = MailMessage(Array("\(type)\r\n\(disposition)\r\n\r\n".utf8))
      let turn = "; x-turn=\"a b\"\r\n"
      let long = MailMessage(Array("\(type)\(turn)\(disposition)\(turn)\r\n".utf8))
      #expect(short.parts[0].names == long.parts[0].names, "\(type) \(disposition)")
      #expect(long.parts[0].plainNames == nil)
      if short.parts[0].plainNames != nil { shortCount += 1 }
    }
    #expect(shortCount > 10)
  }

  @Test func aNameMayStandInAnyPlace() {
    let header = """
      Content-Type: text/plain; charset=utf-8; NAME="a-1.txt"
      Content-Disposition: attachment; size=3;
       filename=b_2.exe;


      """
    let part = MailMessage(text: header).parts[0]
    #expect(part.names == ["b_2.exe", "a-1.txt"])
    #expect(part.plainNames?.map(\.text) == part.names)
  }
}
