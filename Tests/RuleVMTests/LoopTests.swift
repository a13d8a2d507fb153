// Loops over parts: which parts they visit, what is known in them, and how they are left.

import Testing

@testable import RuleVM

struct LoopTests {
  private static let message = """
    Content-Type: multipart/mixed; boundary=A

    --A
    Content-Type: multipart/mixed; boundary=B

    --B
    Content-Disposition: attachment; filename=c.txt

    c
    --B

    d
    --B--
    --A

    e
    --A--
    """

  static let loops: [(String, [String])] = [
    (#"foreverypart { log "${part.path}"; }"#, ["1", "1.1", "1.1.1", "1.1.2", "1.2"]),
    (
      #"foreverypart { set "o" "${part.path}"; foreverypart { log "${o}/${part.path}"; } }"#,
      [
        "1/1.1", "1/1.1.1", "1/1.1.2", "1/1.2", "1.1/1.1.1", "1.1/1.1.2",
      ]
    ),
    (#"foreverypart { if part :container { log "${part.path}"; } }"#, ["1", "1.1"]),
    (
      #"foreverypart { if fact "part.name" { log "${part.name}"; break; } log "-"; }"#,
      ["-", "-", "c.txt"]
    ),
    (
      #"""
      foreverypart :name "o" {
        foreverypart { if part :is "path" "1.1.2" { break :name "o"; } log "${part.path}"; }
      }
      log "end";
      """#,
      ["1.1", "1.1.1", "end"]
    ),
    (
      #"foreverypart { if part :under "size" 2 { log "${part.path}"; } }"#,
      ["1.1.1", "1.1.2", "1.2"]
    ),
    (#"foreverypart { if part :is "path" "1.1" { continue; } log "${part.path}"; }"#, ["1"]),
    (
      #"foreverypart { call "inner"; log "${part.path}"; if part :is "path" "1.1" { stop; } }"#,
      ["5", "1", "5", "1.1"]
    ),
    (
      #"""
      foreverypart {
        foreverypart { foreverypart { foreverypart { log "deep"; } } }
        log "${part.path}";
      }
      """#,
      ["1", "1.1", "1.1.1", "1.1.2", "1.2"]
    ),
  ]

  /// A definition with a loop of its own, used inside of loops.
  private static let definition = """
    define "inner" {
      set "n" "";
      foreverypart { set "n" "${n}x"; }
      if string "${n}" "xxxxx" { log "5"; }
    }

    """

  @Test(arguments: loops)
  func visits(_ body: String, _ expected: [String]) throws {
    let session = try TestPolicy.session(
      Self.definition + "phase eom { rule \"unused\" { call \"inner\"; } }"
        + "phase eom { rule \"loop\" { \(body) } }")
    #expect(session.endOfMessage(Self.message).isUndecided)
    #expect(session.logged == ["5"] + expected)
  }

  @Test func dropsTheLoopsPart() throws {
    let session = try TestPolicy.session(
      #"phase eom { rule "d" { foreverypart { if part :is "extension" "txt" { drop; } } } }"#)
    #expect(session.endOfMessage(Self.message).isUndecided)
    #expect(session.decisions.actions.map(\.part) == ["1.1.1"])
  }
}
