// The words of family D.

extension DeclarationProblem {
  var wording: Wording {
    switch self {
    case .mixedFateMissing(let verdict):
      Wording(
        "nothing says what becomes of a recipient that \(quoted(verdict)) refuses here",
        "others may get the message")
    case .ruleInRule: Wording("rules do not nest", "this rule is inside a rule")
    case .statementOutsideRule(let name, let place):
      Wording("\(quoted(name)) stands outside of a rule", "found it \(place.phrase)")
    case .statementAtTopLevel(let name):
      Wording("\(quoted(name)) stands outside of a phase", "found it at the top of the file")
    case .misplaced("rule", .group, _):
      Wording("this group has no phase around it", "a rule stands in a phase")
    case .misplaced(let name, let place, let allowed):
      Wording(
        "\(quoted(name)) cannot stand \(place.phrase)",
        "it stands \(listed(allowed.map(\.phrase), "or"))")
    case .elsifWithoutIf(let name): Wording("\(quoted(name)) without an 'if' before it")
    case .elseTwice(let name): Wording("\(quoted(name)) behind 'else'", "'else' was the last")
    case .requireNotFirst: Wording("'require' stands behind other commands")
    case .duplicateName(let name, let kind):
      Wording("the \(kind.rawValue) \(quoted(name)) is declared twice")
    case .usedBeforeDefinition(let name, let kind):
      Wording("the \(kind.rawValue) \(quoted(name)) is used before it is declared")
    case .undefined(let name, let kind, _):
      Wording("there is no \(kind.rawValue) \(quoted(name))")
    case .recursion(let path):
      Wording("\(quoted(path.first ?? "")) uses itself", path.joined(separator: " → "))
    case .unused(let name, let kind):
      Wording("the \(kind.rawValue) \(quoted(name)) is never used")
    case .variableNeverSet(let name, _):
      Wording("the variable \(quoted(name)) is never set", "it is always \"\"")
    case .wrongUseOfDefinition(let name, let isTest):
      Wording("the definition \(quoted(name)) is a \(isTest ? "test" : "block")")
    case .noSections(let name, let source):
      Wording("the table \(quoted(name)) has no sections", "it is a \(source)")
    case .wrongTableType(let name, let type, let wanted):
      Wording(
        "the table \(quoted(name)) is of type \(quoted(type))",
        "expected \(listed(wanted, "or"))")
    case .noRules: Wording("this policy has no rules")
    case .ownMissing(let name):
      Wording("nothing says whose domains are ours, which \(quoted(name)) goes by")
    case .breakOutsideLoop: Wording("'break' stands outside of a loop")
    case .loopsTooDeep(let max): Wording("loops nest more than \(max) deep")
    case .berkeleyDB(let name):
      Wording("\(quoted(name)) is Berkeley DB, which is not read")
    case .notReadable(let path, let why):
      Wording("\(quoted(path)) cannot be read", why)
    case .includeMissing(let path):
      Wording("\(quoted(path)) is not there", "it would be included here")
    case .circularInclude(let names):
      Wording("\(quoted(names.last ?? "")) includes itself", names.joined(separator: " → "))
    case .includesTooDeep(let max):
      Wording("files include each other more than \(max) deep")
    case .tooManyIncludes(let max): Wording("more than \(max) files are included")
    case .includedTwice(let name): Wording("\(quoted(name)) is included twice")
    case .policyInScript(let name):
      Wording("\(quoted(name)) is a policy, and this is a plain script")
    case .globalTooLate(let name):
      Wording("\(quoted(name)) has been used as a variable of this script alone")
    case .fileMissing(let path): Wording("\(quoted(path)) is not there")
    case .scannerLacks(let wanted, let kind, let able):
      Wording(
        "a scanner of kind ':\(kind)' cannot do \(quoted(wanted))",
        "possible with \(listed(able, "or"))")
    case .exitCodeTwice(let code): Wording("the exit code \(code) has two meanings")
    case .standsTwice(let name): Wording("\(quoted(name)) stands twice in this policy")
    }
  }

  var help: String? {
    switch self {
    case .mixedFateMissing(let verdict):
      """
      write on_mixed :\(verdict) "\(verdict == "reject" ? "notify" : "deliver")"; at the top of \
      the file
      """
    case .ruleInRule: "end the outer rule with '}' first"
    case .statementOutsideRule("if", _):
      "put it into a rule; for several rules under one test write group TEST { rule … }"
    case .statementOutsideRule: "put it into a rule: rule \"name\" { … }"
    case .statementAtTopLevel(let name):
      "put it into a rule of a phase: phase eom { rule \"name\" { \(name) … } }"
    case .elsifWithoutIf(let name): "begin with if TEST { … }, then \(name)"
    case .elseTwice: "use 'elsif' for further tests, before 'else'"
    case .requireNotFirst: "move it to the top of the file"
    case .berkeleyDB:
      "name the text that makemap and postmap make it of (:file, :type \"map\"), or use :cdb"
    case .standsTwice: "say it once, for the whole policy"
    case .duplicateName: "give one of them another name"
    case .usedBeforeDefinition: "move its declaration up"
    case .undefined(let name, let kind, let nearest):
      didYouMean(nearest) ?? kind.example(name).map { "declare it before its use: \($0)" }
    case .variableNeverSet(_, let nearest): didYouMean(nearest)
    case .recursion: "a definition may use only those before it"
    case .unused: "remove it, or use it"
    case .wrongUseOfDefinition(let name, let isTest):
      isTest ? "write if is \"\(name)\" { … }" : "write call \"\(name)\";"
    case .ownMissing: "write own :domains \"table:NAME\"; at the top of the file"
    case .breakOutsideLoop: "to end the rule write continue; to end the run write stop"
    case .loopsTooDeep: "the outermost loop visits every part, those inside others too"
    case .includeMissing: "to go on without it write include :optional"
    case .circularInclude: "move what both need into a file of its own"
    case .includesTooDeep, .tooManyIncludes: "include it from a file further out, or join files"
    case .includedTwice: "write include :once, wherever it is included again"
    case .policyInScript:
      "take 'require \"defang\"' into this file too, and phases around its rules"
    case .globalTooLate: "move 'global' up, before the variable is used"
    case .notReadable, .fileMissing: "the path begins in the folder of the file that names it"
    case .noSections:
      "sections stand in a table :file of another type than regex, or where a query has $2"
    case .scannerLacks(let wanted, _, let able):
      wanted.hasPrefix(":")
        ? "leave \(wanted) out" : "name a scanner that is declared with \(listed(able, "or"))"
    case .exitCodeTwice: "take it out of one of the lists"
    case .misplaced("rule", .group, _): "write phase mail { group TEST { rule … } }"
    case .misplaced, .wrongTableType, .noRules: nil
    }
  }
}

extension DeclarationProblem.Place {
  fileprivate var phrase: String {
    switch self {
    case .topLevel: "at the top of the file"
    case .phase(let name): name.isEmpty ? "in a phase" : "in phase \(name)"
    case .group: "in a group"
    case .rule: "in a rule"
    case .definition: "in a definition"
    case .ifBlock: "in the block of an 'if'"
    case .loop: "in a loop"
    }
  }
}

extension DeclarationKind {
  /// How such a thing is declared; nil for what is not, or for a name that is no plain word.
  fileprivate func example(_ name: String) -> String? {
    let isPlain = name.utf8.allSatisfy { byte in
      (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 || byte == 0x2D || byte == 0x5F
    }
    guard isPlain, !name.isEmpty else { return nil }
    return switch self {
    case .table: "table :inline [\"a\", \"b\"] \"\(name)\";"
    case .scanner: "scanner :clamd \"unix:/run/clamav/clamd.ctl\" \"\(name)\";"
    case .store: "store :directory \"/var/lib/defang/\(name)\" \"\(name)\";"
    case .key: "key :file \"/etc/defang/\(name).key\" \"\(name)\";"
    case .switch: "switch \"\(name)\" \"off\";"
    case .program: "program [\"/usr/local/bin/\(name)\"] \"\(name)\";"
    case .define: "define \"\(name)\" TEST;"
    default: nil
    }
  }
}
