// Arguments against a signature: kinds, counts, conflicts. One call gives as many messages as it
// has mistakes, but none that only follows from another: after an unknown tag the count of what
// is behind it means nothing.

struct ArgumentBinder {
  let signature: Signature
  let name: Identifier
  let arguments: Arguments
  let isDamaged: Bool
  private var call: Call
  private var isBroken: Bool
  private var isCountUnsure = false
  /// The word behind a tag is its value without quotes, which was said.
  private var isWordTaken = false

  /// The call, or nil when a mistake was reported here or by the parser.
  static func bind(
    _ test: Test, _ signature: Signature, _ context: inout CheckContext
  ) -> Call? {
    var binder = ArgumentBinder(
      signature, test.name, test.arguments, test.range, isDamaged: test.isDamaged)
    return binder.bind(&context)
  }

  static func bind(
    _ command: Command, _ signature: Signature, _ context: inout CheckContext
  ) -> Call? {
    var binder = ArgumentBinder(
      signature, command.name, command.arguments, command.range, isDamaged: command.isDamaged)
    binder.call.block = command.block
    binder.checkBlock(command.block, &context)
    return binder.bind(&context)
  }

  private init(
    _ signature: Signature, _ name: Identifier, _ arguments: Arguments, _ range: SourceRange,
    isDamaged: Bool
  ) {
    self.signature = signature
    self.name = name
    self.arguments = arguments
    self.isDamaged = isDamaged
    isBroken = isDamaged
    call = Call(name: name, range: range)
  }

  private mutating func bind(_ context: inout CheckContext) -> Call? {
    let isThere = context.demand(signature.availability, for: name.text, at: name.range)
    // In plain Sieve a name that is not brought in is unknown, and so is what it takes.
    if !isThere, !context.file.isPolicy { return nil }
    let values = bindTags(&context)
    if signature.tests == .none { checkTests(&context) }
    bindPositional(values, &context)
    if signature.tests != .none { checkTests(&context) }
    call.tests = arguments.tests
    if isBroken { checkTexts(&context) }
    return isBroken ? nil : call
  }

  /// Nobody reads the texts of a broken call, and a wrong name in one does not follow from what
  /// broke it.
  private func checkTexts(_ context: inout CheckContext) {
    if isDamaged { return }
    for case .string(let literal)? in arguments.items.map(\.value) { _ = context.text(literal) }
  }

  private mutating func report(
    _ problem: ArgumentProblem, at range: SourceRange, _ context: inout CheckContext,
    fixIts: [Diagnostic.FixIt] = []
  ) {
    isBroken = true
    context.report(.argument(problem), at: range, fixIts: fixIts)
  }

  // MARK: Tags

  /// Takes the tags with their values out of the arguments and returns the rest.
  private mutating func bindTags(_ context: inout CheckContext) -> [Argument] {
    var rest: [Argument] = []
    var index = 0
    while index < arguments.items.count {
      let item = arguments.items[index]
      index += 1
      guard let tag = item.tag else {
        rest.append(item)
        continue
      }
      guard let known = signature.tags.first(where: { $0.name == tag }) else {
        reportUnknown(tag, at: item.range, &context)
        continue
      }
      var value: Argument?
      if let wanted = known.value {
        value = takeValue(wanted, of: tag, at: item.range, &index, &context)
        if value == nil { continue }
      }
      if !rest.isEmpty && !isCountUnsure && !signature.tagsStandAnywhere {
        let piece = item.range.through(value?.range ?? item.range)
        report(
          .tagAfterPositional(tag, of: name.text), at: item.range, &context,
          fixIts: SafeFix.move(piece, behind: name.range, in: context.sources))
        // It may stand in the place of what is missing.
        isCountUnsure = true
      }
      bind(known, BoundTag(name: tag, range: item.range, value: value), &context)
    }
    return rest
  }

  private mutating func takeValue(
    _ wanted: ValueKind, of tag: String, at range: SourceRange, _ index: inout Int,
    _ context: inout CheckContext
  ) -> Argument? {
    guard index < arguments.items.count, arguments.items[index].tag == nil,
      Self.fits(arguments.items[index], wanted, context)
    else {
      // A value that could not be read has been reported, and what stands here came behind it.
      if isDamaged {
        isCountUnsure = true
        return nil
      }
      let quoted = index == arguments.items.count ? quotedWord(context) : []
      isWordTaken = !quoted.isEmpty
      report(
        .tagWantsValue(tag, expected: wanted.expected, of: name.text), at: range, &context,
        fixIts: isWordTaken ? quoted : converted(index, to: wanted, context))
      isCountUnsure = true
      skipUnknownTag(&index)
      return nil
    }
    index += 1
    return arguments.items[index - 1]
  }

  /// `:comparator :x "y"`: what stands in the value's place is no second mistake.
  private func skipUnknownTag(_ index: inout Int) {
    guard index < arguments.items.count, let tag = arguments.items[index].tag,
      !signature.tags.contains(where: { $0.name == tag })
    else { return }
    index += 1
  }

  /// A number that is wanted in quotes, or one that is wanted without.
  private func converted(
    _ index: Int, to wanted: ValueKind, _ context: CheckContext
  ) -> [Diagnostic.FixIt] {
    guard index < arguments.items.count else { return [] }
    let item = arguments.items[index]
    let problem = ArgumentProblem.wrongKind(
      "", expected: wanted.expected, found: Self.kind(of: item), of: name.text)
    return SafeFix.edits(for: .argument(problem), at: item.range, in: context.sources)
  }

  private mutating func bind(
    _ known: TagSignature, _ tag: BoundTag, _ context: inout CheckContext
  ) {
    if call.has(tag.name) {
      let piece = tag.range.through(tag.value?.range ?? tag.range)
      let fixIts = context.sources.file(of: piece).map { SafeFix.removal(of: piece, in: $0) }
      report(
        .duplicateTag(tag.name, of: name.text), at: tag.range, &context, fixIts: fixIts ?? [])
      return
    }
    let rival = call.tags.first { other in
      known.group != nil
        && signature.tags.contains { $0.name == other.name && $0.group == known.group }
    }
    if let rival {
      report(.conflictingTags(tag.name, rival.name, of: name.text), at: tag.range, &context)
      return
    }
    if let capability = known.capability {
      context.demand(.capability(capability), for: ":" + tag.name, at: tag.range)
    }
    call.tags.append(tag)
  }

  private mutating func reportUnknown(
    _ tag: String, at range: SourceRange, _ context: inout CheckContext
  ) {
    isBroken = true
    isCountUnsure = true
    let nearest = context.nearest(to: tag, among: signature.tags.map(\.name))
    switch signature.tagFamily {
    case .failureClasses:
      context.report(.failure(.unknownClass(tag, nearest: nearest)), at: range)
    case .tags:
      context.report(.name(.unknownTag(tag, of: name.text, nearest: nearest)), at: range)
    }
  }

  // MARK: Positional arguments

  private mutating func bindPositional(_ values: [Argument], _ context: inout CheckContext) {
    let wanted = signature.positional
    call.positional = Array(repeating: nil, count: wanted.count)
    if isCountUnsure || isDamaged { return }
    let requiredCount = wanted.count { !$0.isOptional }
    let wasBroken = isBroken
    var spare = values.count - requiredCount
    var next = 0
    for (place, argument) in wanted.enumerated() {
      if argument.isOptional {
        guard spare > 0 else { continue }
        spare -= 1
      }
      guard next < values.count else {
        let kind = argument.kind.expected
        report(
          .missing(argument.label, expected: kind, of: name.text), at: name.range, &context)
        return
      }
      bind(values[next], to: argument, place, &context)
      next += 1
    }
    // One of the wrong kind may be the one too many.
    if next < values.count, isBroken == wasBroken {
      report(.extra(of: name.text), at: values[next].range, &context)
    }
  }

  private mutating func bind(
    _ value: Argument, to wanted: PositionalSignature, _ place: Int,
    _ context: inout CheckContext
  ) {
    guard Self.fits(value, wanted.kind, context) else {
      let problem = ArgumentProblem.wrongKind(
        wanted.label, expected: wanted.kind.expected, found: Self.kind(of: value), of: name.text)
      report(problem, at: value.range, &context)
      return
    }
    call.positional[place] = value
  }

  private static func kind(of value: Argument) -> ArgumentProblem.Kind {
    switch value.value {
    case .tag: .tag
    case .number: .number
    case .string: .string
    case .list: .list
    }
  }

  private static func fits(
    _ value: Argument, _ wanted: ValueKind, _ context: CheckContext
  ) -> Bool {
    switch (value.value, wanted) {
    case (.number, .number), (.number, .any), (.string, .string), (.string, .strings),
      (.list, .strings), (.string, .any), (.list, .any):
      true
    // A list of one is that string; RFC 5228 §2.4.2.1 has it the other way round only.
    case (.list(let literals), .string): literals.count == 1 && context.file.isPolicy
    default: false
    }
  }

  // MARK: Tests and blocks

  private mutating func checkTests(_ context: inout CheckContext) {
    let first = arguments.tests.first
    switch signature.tests {
    case .none:
      // Behind a damaged place, what follows may have been meant for something else.
      guard let first, !isDamaged, !isWordTaken else { return }
      report(
        .unexpectedTest(first.name.text, of: name.text),
        at: arguments.testList ?? first.name.range, &context, fixIts: quotedWord(context))
      isCountUnsure = true
    case .one, .optional:
      if let list = arguments.testList, !isDamaged {
        report(
          .testListNotAllowed(of: name.text), at: list, &context, fixIts: withoutParentheses(list))
      } else if first == nil, signature.tests == .one, !isBroken {
        report(.missingTest(of: name.text), at: name.range, &context)
      }
    case .list:
      guard arguments.testList == nil, !isDamaged else { return }
      report(.testListWanted(of: name.text), at: first?.range ?? name.range, &context)
    }
  }

  /// A word where no test can stand, and that is none: in quotes.
  private func quotedWord(_ context: CheckContext) -> [Diagnostic.FixIt] {
    guard signature.tests == .none, arguments.testList == nil, context.file.isPolicy,
      let word = arguments.tests.first?.name, Registry.tests[word.text] == nil,
      let text = context.sources.file(of: word.range)?.text(word.range.bytes),
      name.text != "on_error" || arguments.items.last?.tag != nil
    else { return [] }
    return [.init(replace: word.range, with: "\"\(text)\"")]
  }

  /// `if (a)`: what one list of one test was meant to be is clear.
  private func withoutParentheses(_ list: SourceRange) -> [Diagnostic.FixIt] {
    guard arguments.tests.count == 1, list.bytes.count >= 2, !isDamaged else { return [] }
    let first = list.bytes.lowerBound..<list.bytes.lowerBound + 1
    let last = list.bytes.upperBound - 1..<list.bytes.upperBound
    return [first, last].map { .init(replace: SourceRange(file: list.file, bytes: $0), with: "") }
  }

  private mutating func checkBlock(_ block: Block?, _ context: inout CheckContext) {
    switch signature.block {
    case .none:
      guard let block else { return }
      report(.unexpectedBlock(of: name.text), at: block.openBrace, &context)
    case .required:
      guard block == nil, !isDamaged else { return }
      report(.missingBlock(of: name.text), at: name.range, &context)
    case .optional: break
    }
  }
}
