// The door to libFuzzer: it calls us with bytes, and with bytes to change. What comes back from
// the harness is what must not be; it is printed, and the process ends by a signal, which libFuzzer
// takes for a crash and keeps the bytes.

internal import CLibFuzzer
internal import Glibc
internal import Synchronization

/// One program for one thing to fuzz.
public enum FuzzDriver {
  public typealias Test = @Sendable ([UInt8]) -> [String]
  /// Another version of the bytes, at most that many; nil to let libFuzzer do it.
  public typealias Mutator = @Sendable (_ bytes: [UInt8], _ max: Int, _ seed: UInt32) -> [UInt8]?

  struct Plan {
    var test: Test?
    var mutator: Mutator?
  }

  static let plan = Mutex(Plan())

  /// Runs libFuzzer with the arguments of the process. `--seeds FOLDER FILE…` writes what `seed`
  /// makes of each file into the folder and ends.
  public static func run(
    mutator: Mutator? = nil, seed: ([UInt8]) -> [UInt8]? = { $0 }, test: @escaping Test
  ) -> Never {
    if CommandLine.arguments.count > 2, CommandLine.arguments[1] == "--seeds" {
      writeSeeds(into: CommandLine.arguments[2], of: CommandLine.arguments.dropFirst(3), seed)
    }
    plan.withLock { $0 = Plan(test: test, mutator: mutator) }
    var count = CommandLine.argc
    var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? =
      unsafe CommandLine.unsafeArgv
    exit(unsafe LLVMFuzzerRunDriver(&count, &arguments) { unsafe FuzzDriver.look(at: $0, $1) })
  }

  private static func look(at data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = unsafe Array(UnsafeBufferPointer(start: data, count: count))
    let faults = plan.withLock(\.test)?(bytes) ?? []
    if faults.isEmpty { return 0 }
    for fault in faults { print("FAULT \(fault)") }
    fflush(nil)
    abort()
  }

  // MARK: Seeds

  private static func writeSeeds(
    into folder: String, of files: ArraySlice<String>, _ seed: ([UInt8]) -> [UInt8]?
  ) -> Never {
    for (index, file) in files.enumerated() {
      guard let bytes = read(file), let result = seed(bytes) else { continue }
      write(result, "\(folder)/seed-\(index)")
    }
    exit(0)
  }

  private static func read(_ path: String) -> [UInt8]? {
    guard let file = unsafe fopen(path, "r") else { return nil }
    defer { _ = unsafe fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 8 << 20)
    let count = unsafe fread(&bytes, 1, bytes.count, file)
    return Array(bytes[..<count])
  }

  private static func write(_ bytes: [UInt8], _ path: String) {
    guard let file = unsafe fopen(path, "w") else { return }
    _ = unsafe fwrite(bytes, 1, bytes.count, file)
    _ = unsafe fclose(file)
  }
}

/// libFuzzer finds it by its name, and lets it change the bytes in place.
@c(LLVMFuzzerCustomMutator)
public func mutate(
  _ data: UnsafeMutablePointer<UInt8>, _ count: Int, _ max: Int, _ seed: UInt32
) -> Int {
  let buffer = unsafe UnsafeMutableBufferPointer(start: data, count: max)
  let mutator = FuzzDriver.plan.withLock(\.mutator)
  guard let result = unsafe mutator?(Array(buffer[..<count]), max, seed), result.count <= max
  else { return unsafe LLVMFuzzerMutate(data, count, max) }
  _ = unsafe buffer.update(from: result)
  return result.count
}
