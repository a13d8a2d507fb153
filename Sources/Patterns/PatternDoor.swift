// The door to PCRE2: the one file that imports it. Everybody else sees a compiled pattern that is
// shared, and a matcher that belongs to one owner. Subjects are a sender's bytes and are not
// trusted: they may be invalid UTF-8 and made to cost as much as the pattern allows, so no match
// runs without limits. Patterns are the administrator's; PCRE2 itself checks them.

internal import CPCRE2
internal import Synchronization

/// Why a text is no pattern. The message is PCRE2's own.
package struct PatternMistake: Error, Equatable, Sendable {
  /// Where in the pattern, in bytes.
  package let offset: Int
  package let message: String
}

/// How a pattern is read.
package struct PatternOptions: Sendable, Hashable {
  /// Letters match in either case, by Unicode's simple case folding.
  package var isCaseless = false
  /// Off, PCRE2 neither rewrites the pattern nor compiles it to machine code. Then the steps that
  /// a match limit counts are the paths tried, which is what the tests of the analysis measure.
  package var isOptimized = true
  /// Every step is counted, over all places of a text; for patterns whose own shape bounds nothing.
  package var countsSteps = false

  package init(isCaseless: Bool = false, isOptimized: Bool = true, countsSteps: Bool = false) {
    self.isCaseless = isCaseless
    self.isOptimized = isOptimized
    self.countsSteps = countsSteps
  }
}

/// What one match may cost.
package struct MatchLimits: Sendable, Equatable {
  /// Backtracking points tried at one place of the text: PCRE2 counts anew at each. For a pattern
  /// that counts its steps, all steps of the match.
  package var stepsMax: UInt32 = 100_000
  /// Backtracking points that are open at once.
  package var depthMax: UInt32 = 20_000
  package var heapKiBMax: UInt32 = 4096

  package init(stepsMax: UInt32 = 100_000) { self.stepsMax = stepsMax }
}

package enum MatchOutcome: Sendable, Equatable {
  case noMatch
  /// The matcher holds the groups.
  case match
  /// A limit ended the match: the answer is not known.
  case limit
}

/// A compiled pattern.
///
/// `.` takes line ends too, `^` and `$` are the ends of the whole text, as in the POSIX patterns
/// that Sieve knows; `(?m)` and `(?-s)` change that.
///
/// `@unchecked Sendable`: pcre2api(3), "Multithreading": "the compiled pattern and … are not
/// modified during matching, so the same compiled pattern can be used in more than one thread",
/// with JIT compilation done before it is shared; that is the end of `init`.
@safe package final class CompiledPattern: @unchecked Sendable {
  fileprivate let code: OpaquePointer
  /// Capturing groups, `(…)`, without the whole match.
  package let groupCount: Int
  /// Whether it runs as machine code.
  package let isJITCompiled: Bool
  fileprivate let countsSteps: Bool

  package init(
    _ source: String, _ options: PatternOptions = PatternOptions(),
    limits: PatternLimits = PatternLimits()
  ) throws(PatternMistake) {
    guard source.utf8.count <= limits.sourceBytesMax else {
      let most = limits.sourceBytesMax
      throw PatternMistake(offset: most, message: "the pattern is longer than \(most) bytes")
    }
    let made = try unsafe Self.compile(source, options, limits)
    unsafe code = made
    countsSteps = options.countsSteps
    var groups: UInt32 = 0
    unsafe pcre2_pattern_info_8(made, UInt32(PCRE2_INFO_CAPTURECOUNT), &groups)
    groupCount = Int(groups)
    // Without JIT (not built in, no memory that may be executed) the interpreter answers the same.
    isJITCompiled =
      options.isOptimized ? unsafe pcre2_jit_compile_8(made, PCRE2_JIT_COMPLETE) == 0 : false
  }

  deinit { unsafe pcre2_code_free_8(code) }

  private static func compile(
    _ source: String, _ options: PatternOptions, _ limits: PatternLimits
  ) throws(PatternMistake) -> OpaquePointer {
    // MATCH_INVALID_UTF implies UTF: bytes that are no UTF-8 match nothing and end no match.
    var flags = PCRE2_MATCH_INVALID_UTF | UInt32(PCRE2_UTF) | PCRE2_NEVER_BACKSLASH_C
    flags |= PCRE2_DOTALL | PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_UCP
    if options.isCaseless { flags |= PCRE2_CASELESS }
    if !options.isOptimized { flags |= PCRE2_NO_AUTO_POSSESS | PCRE2_NO_START_OPTIMIZE }
    // A call-out stands before each item of the pattern. Nothing is taken for good, so that each
    // character that a repetition ran over is a step when it is given back.
    if options.countsSteps { flags |= PCRE2_AUTO_CALLOUT | PCRE2_NO_AUTO_POSSESS }
    guard let context = unsafe pcre2_compile_context_create_8(nil) else {
      throw PatternMistake(offset: 0, message: "out of memory")
    }
    defer { unsafe pcre2_compile_context_free_8(context) }
    unsafe pcre2_set_newline_8(context, UInt32(PCRE2_NEWLINE_ANYCRLF))
    unsafe pcre2_set_parens_nest_limit_8(context, UInt32(limits.nestingMax))
    var failure: Int32 = 0
    var offset = 0
    var copy = source
    let made = copy.withUTF8 {
      unsafe pcre2_compile_8($0.baseAddress, $0.count, flags, &failure, &offset, context)
    }
    guard let made = unsafe made else {
      throw PatternMistake(offset: min(offset, source.utf8.count), message: words(for: failure))
    }
    return unsafe made
  }

  private static func words(for failure: Int32) -> String {
    var buffer = [UInt8](repeating: 0, count: 160)
    let length = unsafe pcre2_get_error_message_8(failure, &buffer, buffer.count)
    return String(decoding: buffer.prefix(Int(max(length, 0))), as: UTF8.self)
  }
}

/// What a match needs besides the pattern, kept from match to match: one owner at a time.
///
/// `@safe`: the pointers never leave, and live as long as the value.
@safe package struct PatternMatcher: ~Copyable {
  private let data: OpaquePointer
  private let context: OpaquePointer
  private let stack: OpaquePointer?
  private let counter: UnsafeMutablePointer<StepCounter>
  private let groupsMax: Int

  package struct OutOfMemory: Error {}

  /// - Parameter groupsMax: groups that are kept, the whole match among them.
  package init(groupsMax: Int) throws(OutOfMemory) {
    guard let data = unsafe pcre2_match_data_create_8(UInt32(clamping: groupsMax), nil) else {
      throw OutOfMemory()
    }
    guard let context = unsafe pcre2_match_context_create_8(nil) else {
      unsafe pcre2_match_data_free_8(data)
      throw OutOfMemory()
    }
    unsafe self.data = data
    unsafe self.context = context
    unsafe counter = .allocate(capacity: 1)
    unsafe counter.initialize(to: StepCounter())
    unsafe pcre2_set_callout_8(context, countStep, UnsafeMutableRawPointer(counter))
    // Machine code runs on 32 KiB of the thread's stack, too little for a long loop over a group;
    // without this stack such matches go to the interpreter.
    unsafe stack = pcre2_jit_stack_create_8(16_384, 262_144, nil)
    if let stack = unsafe stack {
      unsafe pcre2_jit_stack_assign_8(context, nil, UnsafeMutableRawPointer(stack))
    }
    self.groupsMax = groupsMax
  }

  deinit {
    unsafe counter.deallocate()
    if let stack = unsafe stack { unsafe pcre2_jit_stack_free_8(stack) }
    unsafe pcre2_match_context_free_8(context)
    unsafe pcre2_match_data_free_8(data)
  }

  /// Looks for the pattern in a text from an offset on.
  /// - Parameter isAnchored: only a match that begins at `start` counts.
  package mutating func match(
    _ pattern: CompiledPattern, _ subject: Span<UInt8>, from start: Int = 0,
    isAnchored: Bool = false, limits: MatchLimits
  ) -> MatchOutcome {
    unsafe counter.pointee = StepCounter(left: pattern.countsSteps ? limits.stepsMax : 0)
    // A step that is counted can be several of PCRE2's own, of which each item has a few.
    let own = pattern.countsSteps ? limits.stepsMax &* 8 : limits.stepsMax
    unsafe pcre2_set_match_limit_8(context, max(own, limits.stepsMax))
    unsafe pcre2_set_depth_limit_8(context, limits.depthMax)
    unsafe pcre2_set_heap_limit_8(context, limits.heapKiBMax)
    let flags = isAnchored ? PCRE2_ANCHORED : 0
    var result = run(pattern, subject, start, flags)
    // The JIT's own stack is a limit of the machine code alone: the interpreter has its heap.
    if result == PCRE2_ERROR_JIT_STACKLIMIT {
      result = run(pattern, subject, start, flags | PCRE2_NO_JIT)
    }
    if result >= 0 { return .match }
    // Any other failure (memory) leaves the answer as open as a limit does.
    return result == PCRE2_ERROR_NOMATCH ? .noMatch : .limit
  }

  /// Steps of the latest match, of a pattern that counts them.
  package func stepsTaken(of limits: MatchLimits) -> Int {
    Int(limits.stepsMax) - Int(unsafe counter.pointee.left)
  }

  private func run(
    _ pattern: CompiledPattern, _ subject: Span<UInt8>, _ start: Int, _ flags: UInt32
  ) -> Int32 {
    // PCRE2 takes no null pointer before 10.43; an empty subject gets any other.
    var nothing: UInt8 = 0
    return unsafe subject.withUnsafeBufferPointer { bytes in
      unsafe withUnsafePointer(to: &nothing) { empty in
        unsafe pcre2_match_8(
          pattern.code, bytes.baseAddress ?? empty, bytes.count, min(start, bytes.count), flags,
          data, context)
      }
    }
  }

  /// What a group took in the latest match; group 0 is the whole. Nil for one that took part in
  /// nothing or is not kept.
  package func group(_ index: Int) -> Range<Int>? {
    guard index >= 0, index < groupsMax else { return nil }
    let offsets = unsafe pcre2_get_ovector_pointer_8(data)
    guard let offsets = unsafe offsets else { return nil }
    let (low, high) = unsafe (offsets[2 * index], offsets[2 * index + 1])
    // PCRE2_UNSET is all ones. `\K` inside a look-ahead can put the end before the start.
    guard low >= 0, low <= high else { return nil }
    return low..<high
  }
}

private struct StepCounter {
  var left: UInt32 = 0
}

/// PCRE2's call-out: counts one step, and ends the match when none is left.
private func countStep(
  _ block: UnsafeMutablePointer<pcre2_callout_block_8>?, _ data: UnsafeMutableRawPointer?
) -> Int32 {
  guard let counter = unsafe data?.assumingMemoryBound(to: StepCounter.self) else { return 0 }
  if unsafe counter.pointee.left == 0 { return PCRE2_ERROR_MATCHLIMIT }
  unsafe counter.pointee.left -= 1
  return 0
}

/// Matchers for many threads: each match borrows one, so there are as many as match at once.
package final class MatcherPool: Sendable {
  /// `@unchecked Sendable`: it is reached through the pool's lock or by the one who borrowed it.
  private final class Idle: @unchecked Sendable {
    var matcher: PatternMatcher
    init(_ matcher: consuming PatternMatcher) { self.matcher = matcher }
  }

  private let groupsMax: Int
  private let idle = Mutex<[Idle]>([])

  package init(groupsMax: Int) { self.groupsMax = groupsMax }

  /// Lends a matcher; nil when there is no memory for one.
  package func lend<Answer>(_ body: (inout PatternMatcher) -> Answer) -> Answer? {
    var taken = idle.withLock { $0.popLast() }
    if taken == nil, let fresh = try? PatternMatcher(groupsMax: groupsMax) { taken = Idle(fresh) }
    guard let taken else { return nil }
    let answer = body(&taken.matcher)
    idle.withLock { if $0.count < Self.idleMax { $0.append(taken) } }
    return answer
  }

  /// Each may keep some megabytes of backtracking points.
  private static let idleMax = 4
}
