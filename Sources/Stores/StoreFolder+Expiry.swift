// Upkeep of the folders of links and copies: what was not used for long goes, with its sidecar, and
// so does what a killed writer left.

/// What a folder below a store holds, by its depth and name; anything else there is not ours and is
/// left alone.
private enum StorePlace {
  /// `DIGEST`: files and their sidecars.
  case links
  /// `YYYY`, `YYYY/MM`.
  case years
  /// `YYYY/MM/DD`: messages and their sidecars.
  case copies

  init?(_ name: String, in parent: StorePlace?, depth: Int) {
    if depth == 1, ContentFolder.isDigest(name) {
      self = .links
    } else if name.utf8.allSatisfy({ (48...57).contains($0) }),
      name.utf8.count == (depth == 1 ? 4 : 2), depth == 1 || parent == .years
    {
      self = depth == 3 ? .copies : .years
    } else {
      return nil
    }
  }

  /// The sidecar of a stored file; nil for names that are none.
  func sidecar(of name: String) -> String? {
    switch self {
    case .links: name.hasPrefix(".") ? nil : ".\(name).json"
    case .copies: name.hasSuffix(".eml") ? String(name.dropLast(4)) + ".json" : nil
    case .years: nil
    }
  }

  /// The file of a sidecar.
  private func file(of sidecar: String) -> String? {
    guard sidecar.hasSuffix(".json") else { return nil }
    let stem = sidecar.dropLast(5)
    switch self {
    case .links: return sidecar.hasPrefix(".") ? String(stem.dropFirst()) : nil
    case .copies: return "\(stem).eml"
    case .years: return nil
    }
  }

  /// A file that was begun, or a sidecar whose file never came.
  func isLeftOver(_ name: String, among names: Set<String>) -> Bool {
    if let file = file(of: name) { return !names.contains(file) }
    return name.hasPrefix(DurableFile.temporaryPrefix)
  }
}

extension StoreFolder {
  /// A writer is done with a file that is older.
  private static let sweepAgeSeconds: Int64 = 3_600

  /// Removes files whose last use is longer ago than `expireSeconds`, and their folders when empty.
  /// - Parameter ageSeconds: instead of the folder's own. With neither, left-overs go only.
  package func expire(
    nowSeconds: Int64, ageSeconds: Int64? = nil
  ) throws(StoreFailure) -> ExpiryReport {
    guard StoreDoor.facts("\(path)/\(Self.marker)")?.isFile == true else {
      // Made by hand, and nothing was put into it yet.
      if try StoreDoor.names(in: path).isEmpty { return ExpiryReport() }
      throw .refused("\(path) is no store of ours: it has no file \(Self.marker)")
    }
    return try locked(alone: true) { () throws(StoreFailure) in
      var report = ExpiryReport()
      var open: [(path: String, place: StorePlace?, depth: Int)] = [(path, nil, 0)]
      var folders: [String] = []
      while let (folder, place, depth) = open.popLast() {
        let names = try StoreDoor.names(in: folder)
        if let place {
          folders.append(folder)
          let age = ageSeconds ?? expireSeconds
          try expire(names, place, in: folder, (now: nowSeconds, age: age), &report)
        }
        for name in names where StoreDoor.facts("\(folder)/\(name)")?.isFolder == true {
          guard let inner = StorePlace(name, in: place, depth: depth + 1) else { continue }
          open.append(("\(folder)/\(name)", inner, depth + 1))
        }
      }
      // The inner ones first, so that their parents are empty then.
      for folder in folders.reversed() { StoreDoor.removeFolder(folder) }
      return report
    }
  }

  private func expire(
    _ names: [String], _ place: StorePlace, in folder: String,
    _ seconds: (now: Int64, age: Int64?), _ report: inout ExpiryReport
  ) throws(StoreFailure) {
    let all = Set(names)
    for name in names {
      guard let facts = StoreDoor.facts("\(folder)/\(name)"), facts.isFile else { continue }
      let age = seconds.now - facts.changedSeconds
      if let sidecar = place.sidecar(of: name) {
        guard let ageMax = seconds.age, age > ageMax else { continue }
        try StoreDoor.remove("\(folder)/\(name)")
        try StoreDoor.remove("\(folder)/\(sidecar)")
        report.entries += 1
      } else if age > Self.sweepAgeSeconds, place.isLeftOver(name, among: all),
        try StoreDoor.remove("\(folder)/\(name)")
      {
        report.files += 1
      }
    }
  }
}
