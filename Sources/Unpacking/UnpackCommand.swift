// `defang-unpack`: an archive on standard input, its report on standard output. It locks itself in
// before it reads the first byte; whoever started it bounds its time and what it says.
package import FileContents

package enum UnpackCommand {
  /// Input that is taken at all: the largest part that is decoded.
  private static let inputBytesMax = 128 << 20

  /// Runs the command and ends the process.
  package static func run(_ arguments: [String]) -> Never {
    guard let order = UnpackArguments(arguments) else { Streams.leave(64) }
    guard Cell.lock(CellLimits()) else { Streams.leave(71) }
    guard let bytes = Streams.readAll(limitBytes: inputBytesMax) else { Streams.leave(65) }
    Streams.leave(Streams.write(report(bytes, order).bytes) ? 0 : 74)
  }

  /// What an archive holds, zips in tars in zips included.
  package static func report(_ bytes: [UInt8], _ order: UnpackArguments) -> ArchiveReport {
    var report = ArchiveReport()
    var format = ArchiveFormat(of: bytes.span)
    if format == nil, ZipArchive.isLikely(bytes.span) { format = .zip }
    guard let format else {
      report.unread.insert(.unsupported)
      return report
    }
    var budget = order.budget
    report = ArchiveWalker.walk(
      bytes.span, as: format, name: order.name, limits: order.limits, budget: &budget,
      foreign: LibraryReader())
    return report
  }
}
