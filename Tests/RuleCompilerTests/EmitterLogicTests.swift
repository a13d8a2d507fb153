// The code of conditions against LANGUAGE §8: random trees of tests are compiled, run on a machine
// of a few lines, and compared with the three-valued logic itself.

import RuleBytecode
import Testing

@testable import RuleCompiler

/// A tree of tests over checks, which can fail, and addresses, which cannot.
indirect enum Tree {
  case check(Int)
  case address(Int)
  case not(Tree)
  case all([Tree])
  case any([Tree])

  enum Value: Equatable { case no, yes, failed }

  var source: String {
    switch self {
    case .check(let index): "dnsbl \"z\(index).example\""
    case .address(let index): "ip \"client\" \"192.0.2.\(index)\""
    case .not(let tree): "not \(tree.source)"
    case .all(let trees): "allof (\(trees.map(\.source).joined(separator: ", ")))"
    case .any(let trees): "anyof (\(trees.map(\.source).joined(separator: ", ")))"
    }
  }

  func value(_ checks: [Value], _ addresses: [Bool]) -> Value {
    switch self {
    case .check(let index): return checks[index]
    case .address(let index): return addresses[index] ? .yes : .no
    case .not(let tree):
      let inner = tree.value(checks, addresses)
      return inner == .failed ? .failed : inner == .yes ? .no : .yes
    case .all(let trees):
      let values = trees.map { $0.value(checks, addresses) }
      return values.contains(.no) ? .no : values.contains(.failed) ? .failed : .yes
    case .any(let trees):
      let values = trees.map { $0.value(checks, addresses) }
      return values.contains(.yes) ? .yes : values.contains(.failed) ? .failed : .no
    }
  }

  static func random(_ depth: Int, _ random: inout TreeRandom) -> Tree {
    switch depth == 0 ? random.below(2) : random.below(6) {
    case 0: return .check(random.below(4))
    case 1: return .address(random.below(4))
    case 2: return .not(.random(depth - 1, &random))
    case let kind:
      let trees = (0..<1 + random.below(4)).map { _ in Tree.random(depth - 1, &random) }
      return kind.isMultiple(of: 2) ? .all(trees) : .any(trees)
    }
  }
}

/// xorshift64*: the same trees in each run.
struct TreeRandom {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 2 &+ 1 }

  mutating func below(_ limit: Int) -> Int {
    state ^= state >> 12
    state ^= state << 25
    state ^= state >> 27
    return Int((state &* 0x2545_F491_4F6C_DD1D) >> 33) % limit
  }
}

/// Runs what conditions compile to; an action it does not know is the answer.
struct TinyMachine {
  let program: Program
  let checks: [Tree.Value]
  let addresses: [Bool]

  enum Outcome: Equatable {
    case taken, otherwise
    case failed(FailureAnswer)
    case left
  }

  func run(_ phase: Phase) -> Outcome {
    var registers = [UInt64](repeating: 0, count: 256)
    var returns: [Int] = []
    guard var pc = program.block(of: phase).map({ Int($0.start) }) else { return .left }
    while true {
      let next = program.code[pc]
      pc += 1
      let (a, b, c) = (Int(next.a), Int(next.b), Int(next.c))
      switch next.opcode {
      case .halt: return .left
      case .jump: pc = c
      case .jumpIfTrue: if registers[a] == 1 { pc = c }
      case .jumpIfFalse: if registers[a] == 0 { pc = c }
      case .settle:
        guard let failure = TruthWord.failure(in: registers[a]) else { continue }
        let answer = program.policies[TruthWord.policy(in: registers[a]) ?? b][failure]
        if answer != .continue { return .failed(answer) }
        pc = c
      case .answer: registers[a] = TruthWord.answered(registers[a], by: next.c)
      case .call:
        returns.append(pc)
        pc = Int(program.blocks[c].start)
      case .return: pc = returns.removeLast()
      case .truthConstant: registers[a] = UInt64(c)
      case .truthCopy: registers[a] = registers[b]
      case .truthNot: registers[a] = registers[b] > 1 ? registers[b] : 1 - registers[b]
      case .truthAnd:
        let (left, right) = (registers[b], registers[c])
        registers[a] = left == 0 || right == 0 ? 0 : max(left, right)
      case .truthOr:
        let (left, right) = (registers[b], registers[c])
        registers[a] = left == 1 || right == 1 ? 1 : max(left, right)
      case .check:
        let zone = program.entries(of: Int(program.checks[c].arguments))[0]
        registers[a] = word(checks[Self.digit(zone.utf8.dropFirst().first)])
      case .query:
        let spec = program.specs[Int(program.queries[c].spec) - 1]
        let set = program.sets[Int(spec.firstSet)]
        let entry = program.entries[Int(set.first)]
        let last = program.stringBytes[Int(entry.offset + entry.length) - 1]
        registers[a] = addresses[Int(last)] ? 1 : 0
      case .textConstant: registers[a] = next.c == 0 ? 0 : UInt64(next.c)
      case .log: return program.string(UInt32(registers[a])) == "taken" ? .taken : .otherwise
      default: break
      }
    }
  }

  private func word(_ value: Tree.Value) -> UInt64 {
    switch value {
    case .no: TruthWord.no
    case .yes: TruthWord.yes
    case .failed: TruthWord.failure(.dns)
    }
  }

  private static func digit(_ byte: UInt8?) -> Int { Int(byte ?? 48) - 48 }
}

struct EmitterLogicTests {
  @Test(arguments: 0..<40)
  func conditionsAreThreeValued(_ seed: Int) throws {
    var random = TreeRandom(seed: UInt64(seed))
    for _ in 0..<8 {
      let tree = Tree.random(4, &random)
      let direct = try compile("if \(tree.source) { log \"taken\"; } else { log \"otherwise\"; }")
      let named = try compile(
        "if is \"named\" { log \"taken\"; } else { log \"otherwise\"; }",
        "define \"inner\" \(tree.source); define \"named\" anyof (is \"inner\", is \"inner\");\n")
      for _ in 0..<12 {
        let checks = (0..<4).map { _ in [Tree.Value.no, .yes, .failed][random.below(3)] }
        let addresses = (0..<4).map { _ in random.below(2) == 1 }
        let expected: TinyMachine.Outcome =
          switch tree.value(checks, addresses) {
          case .yes: .taken
          case .no: .otherwise
          case .failed: .failed(.reject)
          }
        for program in [direct, named] {
          let machine = TinyMachine(program: program, checks: checks, addresses: addresses)
          #expect(machine.run(.connect) == expected, "\(tree.source) \(checks) \(addresses)")
        }
      }
    }
  }

  private func compile(_ body: String, _ definitions: String = "") throws -> Program {
    let compiled = Compiled(
      "require \"defang\"; on_error :dns \"reject\";\n" + definitions
        + "phase connect { rule \"r\" { \(body) } }")
    let program = try #require(compiled.program, "\(compiled.codes)")
    _ = try VerifiedProgram(program)
    return program
  }

  /// The answer on the call wins over that of rule, phase and file, also inside other tests and
  /// through a definition.
  @Test(arguments: [
    ("dnsbl :on_error \"accept\" \"z0.example\"", FailureAnswer.accept),
    ("dnsbl \"z0.example\"", .reject),
    ("not anyof (ip \"client\" \"192.0.2.1\", dnsbl :on_error \"accept\" \"z0.example\")", .accept),
    ("anyof (dnsbl :on_error \"accept\" \"z0.example\", dnsbl \"z1.example\")", .accept),
    ("anyof (dnsbl \"z0.example\", dnsbl :on_error \"accept\" \"z1.example\")", .reject),
    ("is \"lenient\"", .accept),
  ])
  func innermostAnswerWins(_ test: String, _ answer: FailureAnswer) throws {
    let program = try compile(
      "if \(test) { log \"taken\"; }",
      "define \"lenient\" dnsbl :on_error \"accept\" \"z0.example\";")
    let machine = TinyMachine(
      program: program, checks: [.failed, .no, .no, .no],
      addresses: Array(repeating: false, count: 4))
    let second = TinyMachine(
      program: program, checks: [.no, .failed, .no, .no],
      addresses: Array(repeating: false, count: 4))
    let outcome = machine.run(.connect)
    #expect(outcome == .failed(answer) || second.run(.connect) == .failed(answer))
    if !test.contains("z1") { #expect(outcome == .failed(answer)) }
  }

  /// `continue` as an answer leaves the rule, neither branch nor else runs, and the next goes on.
  @Test func continueLeavesTheRule() throws {
    let source = """
      require "defang"; on_error :dns "continue";
      define "leave" { if dnsbl "z0.example" { log "taken"; } else { log "otherwise"; } }
      phase connect {
        rule "a" { if dnsbl "z0.example" { log "otherwise"; } else { log "otherwise"; }
                   log "otherwise"; }
        rule "b" { call "leave"; log "otherwise"; }
        rule "c" { log "taken"; }
      }
      """
    let program = try #require(Compiled(source).program)
    let addresses = Array(repeating: false, count: 4)
    let failed = TinyMachine(
      program: program, checks: [.failed, .no, .no, .no], addresses: addresses)
    #expect(failed.run(.connect) == .taken)
    let fine = TinyMachine(program: program, checks: [.no, .no, .no, .no], addresses: addresses)
    #expect(fine.run(.connect) == .otherwise)
  }

  /// A group whose test is false, or fails with `continue`, leaves out all its rules.
  @Test(arguments: [Tree.Value.no, .failed])
  func groupsLeaveOutTheirRules(_ value: Tree.Value) throws {
    let source = """
      require "defang"; on_error :dns "continue";
      phase connect {
        group dnsbl "z0.example" {
          rule "a" { log "otherwise"; }
          group ip "client" "192.0.2.0" { rule "b" { log "otherwise"; } }
        }
        rule "c" { log "taken"; }
      }
      """
    let program = try #require(Compiled(source).program)
    let machine = TinyMachine(
      program: program, checks: [value, .no, .no, .no], addresses: [true, true, true, true])
    #expect(machine.run(.connect) == .taken)
  }
}
