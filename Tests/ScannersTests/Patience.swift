// Time for servers that answer at once, on a machine whose processors others hold.
import Scanners

extension ScannerLimits {
  static func patient(for kind: ScannerKind) -> ScannerLimits {
    var limits = ScannerLimits(for: kind)
    limits.connectMilliseconds = 120_000
    return limits
  }
}
