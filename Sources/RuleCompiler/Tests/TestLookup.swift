// `lookup [:set VARIABLE] [:scope TEXT] [:on_error A] TABLE KEY`: whether the table has the key;
// the value goes into a variable, and a miss leaves that alone.

import RuleBytecode

enum TestLookup: TestCommand {
  static let signature = Signature(
    name: "lookup", availability: .ours,
    tags: [
      TagSignature("set", .string), TagSignature("scope", .string),
      TagSignature("on_error", .string),
    ],
    positional: [.init("table", .string), .init("key", .string)])

  static func check(_ call: Call, _ context: inout CheckContext) -> CheckedTest? {
    let table = table(call, &context)
    let variable = variable(call, &context)
    guard let table, let key = call.string(1), let variable else { return nil }
    var check = OutsideCheck(.table)
    check.constants = [table.name]
    let scope = call.tag("scope")?.string.map { context.text($0) } ?? TextValue("")
    check.texts = [scope, context.text(key)]
    check.timeoutMilliseconds = table.timeoutMilliseconds
    check.variable = variable
    check.answer = call.tag("on_error").flatMap { context.answer($0) }
    guard table.isOutside else { return CheckedTest(check, at: call.range) }
    let failures = Failures(
      .table, of: "lookup", at: call.name.range, isAnswered: call.has("on_error"))
    return CheckedTest(check, at: call.range, failures: failures)
  }

  private static func table(_ call: Call, _ context: inout CheckContext) -> Table? {
    guard let literal = call.string(0),
      let text = context.constant(literal, "table name", of: "lookup"),
      let name = context.tableName(text, of: "lookup", at: literal.range)
    else { return nil }
    // Only these have values.
    let types = call.has("set") ? [TableType.map, .regex] : TableType.allCases
    let table = context.table(name, at: literal.range, of: types)
    if let table, let tag = call.tag("scope"), !table.hasSections {
      let source = table.kind == .regex ? "list of patterns" : "table :" + table.source.name
      context.report(.declaration(.noSections(name, source: source)), at: tag.range)
      return nil
    }
    return table
  }

  /// The variable of `:set`: none, one, or one that cannot be, which is reported.
  private static func variable(
    _ call: Call, _ context: inout CheckContext
  ) -> VariableReference?? {
    guard let literal = call.tag("set")?.string else { return .some(nil) }
    guard let name = context.constant(call, "set"),
      let folded = context.variableName(name, at: literal.range)
    else { return nil }
    return VariableReference(name: folded, scope: .run)
  }
}
