// What a policy declares, across all its files.

import RuleBytecode
import TableText

struct Definition: Sendable {
  let index: Int
  let isTest: Bool
  let range: SourceRange
  /// Where all that it holds is possible, and what first narrowed that.
  var phases: PhaseSet = .all
  var narrowing: RunPlace.Narrowing?
  /// What keeps it from being called in a loop over recipients.
  var notForTurns: (name: String, range: SourceRange)?
  var failures = Failures.none
  var constant: Bool?
  /// Match variables that it leaves when it is true.
  var groups: Int?
  var matches: [Int] = []
  /// How deep its calls nest.
  var depth = 0
  /// What its file says about failures, for users whose own file says nothing.
  var answers = FailureAnswers()
}

struct Table: Sendable {
  let name: String
  /// Among the tables of the policy.
  let index: Int
  let kind: TableType
  let range: SourceRange
  var source = TableSource.inline
  /// The keys of an inline table; for `cidr` none.
  var entries: [[UInt8]] = []
  /// The values of an inline map, one for each key.
  var values: [[UInt8]] = []
  var networks: [AddressRange] = []
  /// Where its source is, and what it is asked.
  var arguments: [DeclaredValue] = []
  var entriesMax: Int?
  var timeoutMilliseconds = CheckKind.table.defaultTimeoutMilliseconds

  /// Asked of something that may not answer.
  var isOutside: Bool { source.isOutside }

  /// `lookup :scope` means something: lists in files may have sections, and a query may take one.
  var hasSections: Bool {
    switch source {
    case .inline: false
    case .file: kind != .regex
    default: arguments.first { $0.name == "query" }.map { $0.value.contains("$2") } ?? false
    }
  }
}

/// Where a variable is set.
struct VariableFacts: Sendable {
  let first: SourceRange
  var runPhases = PhaseSet.none
  /// The names in the `set` commands of a phase, in order.
  var runPlaces: [Phase: [SourceRange]] = [:]
  /// Set in a command definition, whose run is its caller's.
  var isSetInDefinition = false
  var scopes: Set<VariableScope> = []
  /// Each place that gives it a value, in order, but those of jobs, which see no mail.
  var sets: [VariableSet] = []
  /// A `set` of it asks for a scope that its phase has not.
  var isMisplaced = false
}

/// One place that gives a variable a value.
struct VariableSet: Sendable {
  let scope: VariableScope
  /// Nil in a definition, which may be called in several.
  let phase: Phase?
  /// `lookup :set`, which knows no scope.
  let isLookup: Bool
  let place: SourceRange
}

struct NameTable: Sendable {
  var definitions: [String: Definition] = [:]
  var tables: [String: Table] = [:]
  /// By `Table.index`.
  var tableOrder: [Table] = []
  var variables: [String: VariableFacts] = [:]
  var rules: [String: SourceRange] = [:]
  var declarations: [DeclaredName: CheckedDeclaration] = [:]
  /// In the order of the policy, those without a name included.
  var declarationOrder: [CheckedDeclaration] = []
  /// Every declared name with its first place, known before its declaration is checked.
  var places: [DeclaredName: SourceRange] = [:]
  /// Names of commands that stand at the top of some file.
  var written: Set<String> = []
  /// Names whose declaration was looked at, right or wrong.
  var checked: Set<DeclaredName> = []
  /// Kinds with a declaration whose name could not be read.
  var damagedKinds: Set<DeclarationKind> = []
  var used: Set<DeclaredName> = []
  var readVariables: Set<String> = []
  /// Variables that some `lookup` sets.
  var lookedUp: Set<String> = []
  /// What gives each variable its value.
  var origins: [String: [VariableOrigin]] = [:]
}

/// What `${name}` of a variable stands for.
struct VariableReference: Hashable, Sendable {
  let name: String
  let scope: VariableScope
}
