// `scanner :clamd|:spamd|:rspamd|:icap|:program ADDRESS [options] "name";`: what `scan` asks, and
// what a scanner of that kind may be told besides.

import RuleBytecode

/// What a kind of scanner has.
struct ScannerSheet: Sendable {
  let kind: String
  let options: Set<String>
  /// It can be trained.
  var learns = false
  /// It can say how it would change a message's header.
  var writesHeaders = false
  /// More calls at once are not possible.
  var callsMost = 1_000

  static let all: [ScannerSheet] = [
    .init(kind: "clamd", options: ["size", "calls", "timeout"]),
    .init(
      kind: "spamd", options: ["size", "calls", "timeout", "user"], learns: true,
      writesHeaders: true),
    .init(
      kind: "rspamd", options: ["size", "calls", "timeout"], learns: true, writesHeaders: true),
    .init(kind: "icap", options: ["size", "calls", "timeout"]),
    // Each of its calls is a process, and a thread that waits for it.
    .init(
      kind: "program", options: Set(["size", "calls"] + ScanExitCodes.tags), callsMost: 64),
  ]

  /// The kinds of which something is true, for messages.
  static func kinds(where isMeant: (ScannerSheet) -> Bool) -> [String] {
    all.filter(isMeant).map { ":" + $0.kind }
  }
}

enum DeclareScanner: DeclarationCommand {
  static let signature = Signature(
    name: "scanner", availability: .ours,
    tags: ScannerSheet.all.map { TagSignature($0.kind, .string, group: "scanner") }
      + [
        TagSignature("size", .number), TagSignature("calls", .number),
        TagSignature("timeout", .number), TagSignature("user", .string),
      ] + ScanExitCodes.tags.map { TagSignature($0, .strings) },
    positional: [.init("name", .string)])
  static let role = DeclarationRole.scanner
  static let kind: DeclarationKind? = .scanner

  static let bytes = 1_024...1_073_741_824
  static let timeoutSeconds = 1...300
  static let addressesMax = 16

  static func check(_ call: Call, _ context: inout CheckContext) -> [DeclaredValue]? {
    guard let sheet = ScannerSheet.all.first(where: { call.has($0.kind) }),
      let literal = call.tag(sheet.kind)?.string
    else {
      let wanted = ":clamd, :spamd, :rspamd, :icap or :program"
      context.report(
        .argument(.missing(wanted, expected: .tag, of: "scanner")), at: call.name.range)
      return nil
    }
    guard let address = context.constant(literal, ":" + sheet.kind, of: "scanner"),
      isAddress(address, sheet, literal, &context),
      let options = options(call, sheet, &context)
    else { return nil }
    return [DeclaredValue("kind", sheet.kind), DeclaredValue("address", address)] + options
  }

  private static func isAddress(
    _ address: String, _ sheet: ScannerSheet, _ literal: StringLiteral,
    _ context: inout CheckContext
  ) -> Bool {
    switch sheet.kind {
    case "program": return context.declared(.program, address, at: literal.range) != nil
    case "icap":
      if Literals.isScanURL(address) { return true }
      context.report(.literal(.url(address, schemes: ["icap"])), at: literal.range)
    default:
      let hosts = address.split(separator: ",", omittingEmptySubsequences: false).map {
        String($0.drop { $0 == " " })
      }
      let wrong = hosts.first { !Literals.isSocketAddress($0) }
      if wrong == nil, hosts.count <= addressesMax { return true }
      context.report(.literal(.socketAddress(wrong ?? address)), at: literal.range)
    }
    return false
  }

  /// Nil when one of them is wrong.
  private static func options(
    _ call: Call, _ sheet: ScannerSheet, _ context: inout CheckContext
  ) -> [DeclaredValue]? {
    let kinds = Set(ScannerSheet.all.map(\.kind))
    var values: [DeclaredValue] = []
    for tag in call.tags where !kinds.contains(tag.name) {
      guard sheet.options.contains(tag.name) else {
        let able = ScannerSheet.kinds { $0.options.contains(tag.name) }
        context.report(
          .declaration(.scannerLacks(":" + tag.name, kind: sheet.kind, able: able)),
          at: tag.range)
        return nil
      }
      if ScanExitCodes.tags.contains(tag.name) { continue }
      guard let value = value(of: tag.name, call, sheet, &context) else { return nil }
      values.append(DeclaredValue(tag.name, value))
    }
    guard sheet.kind == "program" else { return values }
    return ScanExitCodes.values(call, &context).map { values + $0 }
  }

  private static func value(
    of tag: String, _ call: Call, _ sheet: ScannerSheet, _ context: inout CheckContext
  ) -> String? {
    switch tag {
    case "size": return context.number(call, tag, in: bytes).map { String($0) }
    case "calls": return context.number(call, tag, in: 1...sheet.callsMost).map { String($0) }
    case "timeout": return context.number(call, tag, in: timeoutSeconds).map { String($0) }
    default:
      guard let user = context.constant(call, tag), let literal = call.tag(tag)?.string else {
        return nil
      }
      // It becomes a line of the request.
      guard !user.isEmpty, Literals.control(in: user) == nil else {
        context.report(.literal(.badSetting(user, of: tag)), at: literal.range)
        return nil
      }
      return user
    }
  }
}

/// Which exit codes of a program mean what.
enum ScanExitCodes {
  static let tags = ["clean", "infected", "spam", "suspicious"]
  private static let usual = ["clean": "0", "infected": "1"]

  /// All of them, the usual ones included that no tag claims; nil when one is wrong.
  static func values(_ call: Call, _ context: inout CheckContext) -> [DeclaredValue]? {
    var values: [DeclaredValue] = []
    var claimed: Set<String> = []
    for tag in call.tags where tags.contains(tag.name) {
      for literal in tag.value?.strings ?? [] {
        guard let code = code(literal, tag.name, &context) else { return nil }
        guard claimed.insert(code).inserted else {
          context.report(.declaration(.exitCodeTwice(code)), at: literal.range)
          return nil
        }
        values.append(DeclaredValue(tag.name, code))
      }
    }
    for (tag, code) in usual.sorted(by: { $0.key < $1.key })
    where !call.has(tag) && !claimed.contains(code) {
      values.append(DeclaredValue(tag, code))
    }
    return values
  }

  private static func code(
    _ literal: StringLiteral, _ tag: String, _ context: inout CheckContext
  ) -> String? {
    guard let text = context.constant(literal, ":" + tag, of: "scanner") else { return nil }
    guard let code = Int(text), text.utf8.allSatisfy({ (48...57).contains($0) }) else {
      context.report(.literal(.notANumber(text)), at: literal.range)
      return nil
    }
    guard (0...255).contains(code) else {
      let problem = ArgumentProblem.outOfRange(
        ":" + tag, value: code, allowed: 0...255, of: "scanner")
      context.report(.argument(problem), at: literal.range)
      return nil
    }
    return String(code)
  }
}

extension CheckContext {
  /// How long a question to a scanner may take when the call does not say; nil for the usual time.
  func timeoutMilliseconds(of scanner: CheckedDeclaration) -> UInt32? {
    var seconds = scanner.value("timeout")
    if scanner.value("kind") == "program", let name = scanner.value("address") {
      seconds = names.declarations[DeclaredName(.program, name)]?.value("timeout")
    }
    return seconds.flatMap { UInt32($0) }.map { $0 * 1_000 }
  }

  /// The scanner that a command names, where its kind can do what the command wants.
  mutating func scanner(
    _ literal: StringLiteral?, of command: String, can: (ScannerSheet) -> Bool
  ) -> CheckedDeclaration? {
    guard let scanner = declared(.scanner, literal, "scanner", of: command), let literal else {
      return nil
    }
    let kind = scanner.value("kind") ?? ""
    let able = ScannerSheet.kinds(where: can)
    guard able.contains(":" + kind) else {
      report(.declaration(.scannerLacks(command, kind: kind, able: able)), at: literal.range)
      return nil
    }
    return scanner
  }
}
