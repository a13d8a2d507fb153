// "Did you mean".

import Spelling
import Testing

@testable import RuleCompiler

struct NearestTests {
  static let names = [
    "reject", "redirect", "replace", "addheader", "header", "stop", "set", "is", "ip", "envelope",
  ]

  @Test(arguments: [
    ("rejcet", "reject"), ("rejct", "reject"), ("relpace", "replace"), ("REJECT", "reject"),
    ("addheaders", "addheader"), ("envelop", "envelope"), ("envleope", "envelope"),
    ("stpo", "stop"), ("sett", "set"), ("hedaer", "header"), ("redirct", "redirect"),
  ]) func near(_ wrong: String, _ right: String) {
    #expect(Nearest.name(to: wrong, among: Self.names) == right)
  }

  @Test(arguments: ["", "x", "zz", "vacation", "fileinto", String(repeating: "reject", count: 20)])
  func far(_ wrong: String) {
    #expect(Nearest.name(to: wrong, among: Self.names) == nil)
  }

  @Test(arguments: [
    ("acept", "accept", true), ("header", "headers", true), ("ACCEPT", "accept", true),
    ("strip", "stop", false), ("stpo", "stop", false), ("temperror", "permerror", false),
    ("auth_authen", "auth.author", false), ("except", "accept", false), ("list2", "list1", false),
    ("lists2", "list2", true), ("bccept", "accept", false), ("", "accept", false),
    ("leve", "level", true), ("evel", "level", false),
  ]) func slip(_ wrong: String, _ right: String, _ isSlip: Bool) {
    #expect(Nearest.isSlip(wrong, for: right) == isSlip)
  }

  @Test func ofSeveralNoneIsAlone() {
    #expect(Nearest.found(to: "vips", among: ["vipa", "vipb"])?.isAlone == false)
    #expect(Nearest.found(to: "vips", among: ["vipb", "vipa", "vipss", "vips2"])?.isAlone == false)
    #expect(Nearest.found(to: "vips", among: ["vips", "vipa"])?.isAlone == true)
  }

  @Test func amongEqualsTheFirstByBytes() {
    #expect(Nearest.name(to: "bat", among: ["rat", "cat", "hat"]) == "cat")
    #expect(Nearest.name(to: "bat", among: ["hat", "rat", "cat"]) == "cat")
  }

  @Test(arguments: [
    ("", "", 0), ("abc", "abc", 0), ("abc", "acb", 1), ("abc", "ab", 1), ("abc", "abcd", 1),
    ("abc", "xbc", 1), ("kitten", "sitting", 3), ("ca", "abc", 3),
  ]) func distance(_ left: String, _ right: String, _ distance: Int) {
    #expect(Nearest.distance(Array(left.utf8), Array(right.utf8)) == distance)
    #expect(Nearest.distance(Array(right.utf8), Array(left.utf8)) == distance)
  }
}
