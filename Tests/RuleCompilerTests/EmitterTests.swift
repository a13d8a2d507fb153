// What policies become: instructions and the sections behind them.

import RuleBytecode
import Testing

@testable import RuleCompiler

struct EmitterTests {
  private func compile(_ text: String) throws -> Program {
    let compiled = Compiled(text)
    let program = try #require(compiled.program, "\(compiled.codes)")
    _ = try VerifiedProgram(program)
    return program
  }

  @Test func infallibleConditionsAreJumpsAlone() throws {
    let program = try compile(
      """
      require "defang";
      phase headers {
        rule "a" {
          if allof (exists "A", anyof (exists "B", not exists "C")) { log "x"; } else { stop; }
        }
      }
      """)
    #expect(
      program.names(of: .headers) == [
        "query", "jump-if-false", "query", "jump-if-true", "query",
        "jump-if-true", "text-constant", "log", "jump", "stop", "jump", "halt",
      ])
  }

  @Test func failingConditionsAreSettled() throws {
    let program = try compile(
      """
      require "defang"; on_error :dns "continue";
      phase connect {
        rule "a" { if anyof (dnsbl "a.example", dnsbl "b.example") { stop; } }
      }
      """)
    #expect(
      program.names(of: .connect) == [
        "check", "jump-if-true", "check", "truth-or", "settle", "jump-if-false", "stop", "jump",
        "halt",
      ])
  }

  /// A caller's registers lie above all that it calls, whatever is live across the call.
  @Test func framesDoNotOverlap() throws {
    let program = try compile(
      """
      require ["defang", "variables"]; on_error :dns "continue";
      define "a" anyof (dnsbl "a.example", string "${client.ip}" ["${helo}", "x${now}"]);
      define "b" anyof (dnsbl "b.example", is "a", score :over "1");
      phase helo { rule "r" { if anyof (dnsbl "c.example", is "b", is "a") { stop; } } }
      """)
    var above = 0
    for block in program.blocks.indices {
      let written = program.code(ofBlock: block).flatMap { instruction -> [Int] in
        guard case .truthOut = instruction.opcode.shape.a else { return [] }
        return [Int(instruction.a)]
      }
      let own = written.filter { $0 != Int(BlockEmitter.result) }
      #expect((own.min() ?? 0) > above)
      above = own.max() ?? above
    }
    #expect(above > 0)
  }

  @Test func blocksOfCommandsSayWhetherTheRuleIsLeft() throws {
    let program = try compile(
      """
      require "defang";
      define "quiet" { log "x"; }
      define "leaving" { if exists "X" { continue; } call "quiet"; }
      phase eom { rule "a" { call "quiet"; call "leaving"; log "y"; } }
      """)
    #expect(
      program.code(ofBlock: 0).map(\.opcode) == [.textConstant, .log, .truthConstant, .return])
    #expect(
      program.code(ofBlock: 1).map(\.opcode).suffix(4) == [
        .truthConstant, .return, .truthConstant, .return,
      ])
    #expect(
      program.names(of: .eom) == ["call", "call", "jump-if-true", "text-constant", "log", "halt"])
  }

  @Test func textsAreBuiltPieceByPiece() throws {
    let program = try compile(
      """
      require "defang";
      phase rcpt { rule "a" { log "${rcpt}"; log "<${rcpt}>"; log ""; log "${macro.j}"; } }
      """)
    #expect(
      program.names(of: .rcpt) == [
        "text-fact", "log", "text-begin", "text-constant", "text-add", "text-fact", "text-add",
        "text-constant", "text-add", "text-end", "log", "text-constant", "log",
        "text-named-fact", "log", "halt",
      ])
  }

  @Test func repliesHaveTheirDefaults() throws {
    let program = try compile(
      """
      require "defang";
      phase rcpt {
        rule "a" { if fact "helo" { reject "no"; } }
        rule "b" { if fact "helo" { tempfail :code "452" ["one", "two ${rcpt}", "three"]; } }
        rule "c" { if fact "helo" { discard :message; } }
      }
      """)
    let replies = program.replies.map {
      "\($0.kind.name) \(program.string($0.code)) \(program.string($0.enhanced)) \($0.wholeMessage)"
    }
    #expect(
      replies == ["reject 550 5.7.1 false", "tempfail 452 4.7.1 false", "discard   true"])
    let texts = program.strings.indices.map { program.string(UInt32($0)) }
    #expect(texts.contains("one\ntwo ") && texts.contains("\nthree"))
  }

  @Test func keysBecomeSetsOfTheirKind() throws {
    let program = try compile(
      """
      require "defang";
      phase headers {
        rule "a" {
          if anyof (header "S" ["b", "A"], header :comparator "i;octet" "S" ["b", "A"],
            header :contains "S" ["Z", "Y"], header :comparator "i;octet" :matches "S" ["Z*", "Y"])
          { stop; }
        }
      }
      """)
    let sets = program.specs.map { spec in
      (program.sets[Int(spec.firstSet)].kind, program.entries(of: Int(spec.firstSet)))
    }
    #expect(sets.map(\.0) == [.folded, .exact, .ordered, .ordered])
    #expect(sets.map(\.1) == [["a", "b"], ["A", "b"], ["z", "y"], ["Z*", "Y"]])
  }

  @Test func networksAreMergedIntoOneSet() throws {
    let program = try compile(
      """
      require "defang";
      table :inline ["10.1.0.0/16", "2001:db8::/32"] :type "cidr" "t";
      phase connect {
        rule "a" {
          if ip "client" ["10.0.0.0/16", "table:t", "10.0.255.255", "192.0.2.1"] { stop; }
        }
      }
      """)
    // The table has one of its own.
    let set = try #require(program.sets.last { $0.kind == .addresses })
    let entries = program.entries[Int(set.first)..<Int(set.first + set.count)].map { range in
      Array(program.stringBytes[Int(range.offset)..<Int(range.offset + range.length)])
    }
    #expect(entries.count == 3)
    let mapped = [UInt8](repeating: 0, count: 10) + [255, 255]
    #expect(entries[0] == mapped + [10, 0, 0, 0] + mapped + [10, 1, 255, 255])
    #expect(entries[1] == mapped + [192, 0, 2, 1] + mapped + [192, 0, 2, 1])
  }

  @Test func tablesSideBySide() throws {
    let program = try compile(
      """
      require ["defang", "envelope", "extlists"];
      table :inline ["Ann@Example.com"] :type "address" "a";
      table :inline ["Example.org"] :type "domain" "d";
      phase mail {
        rule "x" { if envelope :list "from" "table:d" { stop; } }
        rule "y" { if envelope :list "from" ["table:a", "table:d"] { stop; } }
        rule "z" { if not envelope :list "from" ["table:a", "table:d"] { stop; } }
      }
      """)
    let spec = try #require(program.specs.first { $0.setCount == 2 })
    #expect(program.specs.count == 2)
    let kinds = program.sets[Int(spec.firstSet)..<Int(spec.firstSet) + 2].map(\.kind)
    #expect(kinds == [.mailboxes, .domains])
    #expect(program.entries(of: Int(spec.firstSet)) == ["ann@example.com"])
  }

  @Test func builtKeysStandSideBySide() throws {
    let program = try compile(
      """
      require ["defang", "envelope"];
      phase rcpt {
        rule "a" { if envelope "to" ["x", "${sender}", "a${helo}", "${now}"] { stop; } }
      }
      """)
    let spec = try #require(program.specs.first)
    #expect(spec.keyCount == 3 && spec.setCount == 1)
    let written = program.code(of: .rcpt).filter {
      $0.opcode == .textEnd || $0.opcode == .textFact
    }.map { Int($0.a) }
    let first = Int(spec.firstKey)
    #expect(Set(written) == Set(first..<first + 3))
  }

  /// Match variables are kept only where something reads them.
  @Test func capturesOnlyWhereRead() throws {
    let program = try compile(
      """
      require "defang";
      phase headers {
        rule "a" { if header :matches "A" "*" { log "${1}"; } }
        rule "b" { if header :matches "B" "x*" { stop; } }
      }
      """)
    #expect(program.specs.map(\.captures) == [true, false])
  }

  @Test func nothingStandsTwice() throws {
    let rules = (0..<50).map {
      "rule \"\($0)\" { if header :contains [\"Subject\", \"From\"] [\"a\", \"b\"]"
        + " { reject \"no\"; } }"
    }
    let program = try compile(
      "require \"defang\"; phase headers { \(rules.joined(separator: "\n")) }")
    #expect(program.specs.count == 1 && program.sets.count == 2 && program.replies.count == 1)
    #expect(Set(program.strings.map(\.offset)).count == program.strings.count)
  }

  @Test func plainDiscardWaitsForTheEnd() throws {
    let program = try compile("if exists \"A\" { discard; } if exists \"B\" { stop; }")
    #expect(
      program.names(of: .eom) == [
        "truth-constant", "query", "jump-if-false", "act", "query", "jump-if-false",
        "truth-constant", "jump", "script-end", "jump-if-false", "halt", "halt",
      ])
  }

  @Test func probesShowSourceAndPlace() throws {
    let long = String(repeating: "ö", count: 100)
    let program = try compile(
      """
      require "defang";
      phase headers {
        rule "a" { if header  :is
          "Subject" "x" { stop; } }
        rule "b" { if header "Subject" "\(long)" { stop; } }
      }
      """)
    let texts = program.probes.map { program.string($0.text) }
    #expect(texts[0] == "header :is \"Subject\" \"x\"")
    #expect(texts[1].utf8.count <= 120 && texts[1].hasSuffix("ö…"))
    #expect(program.probes.map { program.location($0.place) } == ["0.rules:3:17", "0.rules:5:17"])
  }

  @Test func eachInstructionKnowsItsStatement() throws {
    let program = try compile(
      """
      require "defang";
      phase eom {
        rule "a" {
          log "x";
          addheader "X-A" "${sender}";
        }
      }
      """)
    let lines = program.code.indices.map { program.place(of: $0)?.line }
    #expect(lines == [3, 4, 4, 5, 5, 5, 5])
  }

  /// A file of one long line costs its length, not its square.
  @Test func manyRulesOnOneLine() throws {
    let rules = (0..<3_000).map { "rule \"r\($0)\" { if exists \"X-\($0)\" { log \"\($0)\"; } }" }
    let program = try compile(
      "require \"defang\"; phase eom { \(rules.joined(separator: " ")) }")
    #expect(program.rules.count == 3_000)
    #expect(program.rules[2_999].place.line == 1)
  }
}
