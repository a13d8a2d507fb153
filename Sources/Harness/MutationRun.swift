// Mutated images by the thousand: each is loaded, and what loads is run. Shared by Fuzz/ and the
// tests; the same seed and number give the same image.
internal import RuleBytecode
internal import RuleVM

/// What became of the mutants.
public struct MutationReport: Sendable {
  public internal(set) var imageCount = 0
  /// Images that were loaded and run.
  public internal(set) var ranCount = 0
  public internal(set) var sessionCount = 0
  /// Sessions in which a run was given up by a limit.
  public internal(set) var trappedCount = 0
  public internal(set) var fuelUsedMax = 0
  /// Refusals by the name of the flaw.
  public internal(set) var refusals: [String: Int] = [:]
  /// What must not be: each is a mistake of ours, with the number of its image.
  public internal(set) var faults: [String] = []

  /// Flaws that no mutant had.
  public var flawsNotReached: [String] {
    Flaw.Kind.allCases.map(\.rawValue).filter { refusals[$0] == nil }
  }

  /// Flaws that mutation cannot reach: an image past the size cap would have 256 MB, one that is
  /// too much work a hundred thousand entries.
  public static let unreachable: Set<String> = [
    Flaw.Kind.tooLarge.rawValue, Flaw.Kind.tooMuchWork.rawValue,
  ]

  /// Percent of the images that ran.
  public var ranPercent: Double {
    imageCount == 0 ? 0 : 100 * Double(ranCount) / Double(imageCount)
  }

  /// Whether all is as it should be.
  public var isPassed: Bool {
    faults.isEmpty && ranPercent >= 1 && Set(flawsNotReached).isSubset(of: Self.unreachable)
  }

  public init() {}
}

/// The mutants of one seed.
public struct MutationRun: Sendable {
  private let seed: UInt64
  private let sources: [Policy]
  private let layouts: [ImageLayout]
  private let fuelMax: Int

  /// - Parameter fuelMax: Fuel for a message, and for each run before it; every fourth image gets
  ///   a hundredth, so that many runs end in the middle.
  public init(seed: UInt64, fuelMax: Int = 200_000) throws(PolicyFailure) {
    self.seed = seed
    self.fuelMax = fuelMax
    var sources = [try Policy(image: SeedPolicies.chain.image())]
    for source in SeedPolicies.sources { sources.append(try Policy(source: source)) }
    self.sources = sources
    layouts = sources.map { ImageLayout($0.image) }
  }

  /// The mutant of that number, digest mended.
  public func image(_ number: Int) -> [UInt8] {
    var random = SplitMix64(seed: seed &+ UInt64(number) &* 0xD134_2543_DE82_EF95)
    let index = random.below(sources.count)
    var mutator = ImageMutator(sources[index].image, layouts[index], random: random)
    return mutator.mutant()
  }

  /// Makes, loads and runs the mutants of those numbers.
  public func run(_ numbers: Range<Int>, into report: inout MutationReport) {
    for number in numbers { run(number, &report) }
  }

  private func run(_ number: Int, _ report: inout MutationReport) {
    report.imageCount += 1
    let image = image(number)
    let verified: VerifiedProgram
    do throws(Flaw) {
      verified = try VerifiedProgram(image: image)
    } catch {
      report.refusals[error.kind.rawValue, default: 0] += 1
      if error.message.isEmpty { report.faults.append("image \(number): no message") }
      return
    }
    report.ranCount += 1
    if verified.program.image() != image {
      report.faults.append("image \(number): read and written it is another")
    }
    // What prints and what plans must bear every program that runs.
    if number % 16 == 0 { _ = Disassembly(verified).text }
    _ = ProgramNeeds(verified.program)
    play(Policy(image: image, verified), number, &report)
  }

  private func play(_ policy: Policy, _ number: Int, _ report: inout MutationReport) {
    let fuelMax = number % 4 == 3 ? fuelMax / 100 : fuelMax
    let limits = RunLimits(fuelMax: fuelMax)
    for (index, session) in SampleSession.samples.enumerated() {
      let message = SampleMessages.all[(number + index) % SampleMessages.all.count]
      let summary = policy.run(
        session, message: message, limits: limits, isTraced: number % 8 == index)
      report.sessionCount += 1
      report.trappedCount += summary.trapCount > 0 ? 1 : 0
      report.fuelUsedMax = max(report.fuelUsedMax, summary.fuelUsed)
      // connect, helo and the message have a budget each.
      if summary.fuelUsed > 3 * fuelMax {
        report.faults.append("image \(number): \(summary.fuelUsed) units of fuel")
      }
    }
  }
}

extension Policy {
  init(image: [UInt8], _ verified: VerifiedProgram) {
    self.image = image
    loaded = LoadedPolicy(verified)
  }
}
