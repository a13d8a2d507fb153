// What fuzzers and tests do with bytes that nobody wrote. Each gives back what must not be: a
// mistake of ours, in words. Crashes speak for themselves.
internal import RuleBytecode
internal import RuleCompiler

public enum FuzzTargets {
  /// A policy all the way: parsed, checked, emitted, verified, printed, and run if it is one.
  public static func compile(_ bytes: [UInt8]) -> [String] {
    var sources = SourceSet()
    _ = sources.add(SourceFile(name: "policy.rules", bytes: bytes))
    let (program, diagnostics) = Compiler.compile(sources)
    var faults: [String] = []
    let printed = DiagnosticPrinter(sources: sources).text(diagnostics)
    if printed.isEmpty != diagnostics.shown.isEmpty { faults.append("diagnostics not printed") }
    _ = diagnostics.shown.map { DiagnosticRecord($0, sources: sources) }
    if (program == nil) != diagnostics.hasErrors {
      faults.append(program == nil ? "no program and no error" : "a program beside errors")
    }
    if let program { faults += check(program) }
    return faults
  }

  private static func check(_ program: Program) -> [String] {
    let image = program.image()
    let verified: VerifiedProgram
    do throws(Flaw) {
      verified = try VerifiedProgram(image: image)
    } catch {
      return ["the compiler's image is refused: \(error.message)"]
    }
    if verified.program != program { return ["written and read it is another program"] }
    _ = Disassembly(verified).text
    _ = ProgramNeeds(program)
    return play(Policy(image: image, verified))
  }

  /// A source laid out: again it is the same, and it parses exactly if the source does.
  public static func format(_ bytes: [UInt8]) -> [String] {
    let (outcome, hasErrors) = formatted(bytes)
    switch outcome {
    case .notParsed: return hasErrors ? [] : ["not formatted, and no error"]
    case .tooLarge: return []
    case .wouldDiffer: return ["the layout means something else"]
    case .formatted(let result):
      var faults = hasErrors ? ["formatted in spite of errors"] : []
      if formatted(result).outcome != outcome { faults.append("formatted again it changes") }
      return faults
    }
  }

  private static func formatted(
    _ bytes: [UInt8]
  ) -> (outcome: SourceFormatter.Outcome, hasErrors: Bool) {
    let source = SourceFile(name: "policy.rules", bytes: bytes)
    var diagnostics = Diagnostics()
    let outcome = SourceFormatter.format(source, file: 0, diagnostics: &diagnostics)
    return (outcome, diagnostics.hasErrors)
  }

  // MARK: Images

  /// An image with its envelope put right: refused with a reason, or read and written again it is
  /// the same, and it runs within its fuel.
  public static func load(_ bytes: [UInt8]) -> [String] {
    let image = bytes.withEnvelope
    let verified: VerifiedProgram
    do throws(Flaw) {
      verified = try VerifiedProgram(image: image)
    } catch {
      return error.message.isEmpty ? ["refused without a reason"] : []
    }
    var faults: [String] = []
    if verified.program.image() != image { faults.append("read and written it is another") }
    _ = Disassembly(verified).text
    _ = ProgramNeeds(verified.program)
    return faults + play(Policy(image: image, verified))
  }

  /// Another image, changed as `mutate-images` does; nil when the bytes are none, or when the seed
  /// says that somebody else shall change them.
  public static func mutant(of bytes: [UInt8], max: Int, seed: UInt64) -> [UInt8]? {
    let image = bytes.withEnvelope
    guard seed.isMultiple(of: 2), (try? VerifiedProgram(image: image)) != nil else { return nil }
    var mutator = ImageMutator(image, ImageLayout(image), random: SplitMix64(seed: seed))
    let mutant = mutator.mutant()
    return mutant.count <= max ? mutant : nil
  }

  /// A session with one message and little fuel.
  private static func play(_ policy: Policy) -> [String] {
    let fuelMax = 20_000
    var faults: [String] = []
    for (session, message) in zip(SampleSession.samples, SampleMessages.all) {
      let summary = policy.run(session, message: message, limits: RunLimits(fuelMax: fuelMax))
      // connect, helo and the message have a budget each.
      if summary.fuelUsed > 3 * fuelMax { faults.append("\(summary.fuelUsed) units of fuel") }
    }
    return faults
  }
}

extension [UInt8] {
  /// With magic, version, length and digest of an image, as far as there is room for them.
  fileprivate var withEnvelope: [UInt8] {
    guard count >= ImageLayout.headerBytes + ImageFormat.digestBytes else { return self }
    var result = self
    result.replaceSubrange(0..<ImageFormat.magic.count, with: ImageFormat.magic)
    result.set(word: ImageFormat.version, at: 8)
    result.set(word: UInt32(count), at: 12)
    return result.mended ?? result
  }
}
