// What of sendmail's configuration is about filters: lines `X` and the option InputMailFilters, as
// the m4 macros write them (cf/README, "Mail filter definitions").

struct SendmailFile {
  struct Filter: Equatable {
    let name: String
    /// Its fields by their letters: S, F, T.
    let fields: [Character: String]

    var address: String { fields["S"] ?? "" }
    /// `T` when mail shall come again while the filter is away; nothing lets it pass.
    var flags: String { fields["F"] ?? "" }

    /// Seconds of C, S, R or E.
    func seconds(_ letter: Character) -> Int? {
      for piece in (fields["T"] ?? "").split(separator: ";") {
        let words = piece.split(separator: ":")
        guard words.count == 2, words[0].last == letter else { continue }
        return PostfixFiles.seconds(String(words[1]))
      }
      return Self.standards[letter]
    }

    static let standards: [Character: Int] = ["C": 300, "S": 10, "R": 10, "E": 300]
  }

  let path: String
  private(set) var filters: [Filter] = []
  /// Those that are asked, in that order.
  private(set) var asked: [String] = []

  /// Nil when it is not there.
  init?(_ path: String) {
    guard let bytes = PlaceFacts.bytes(of: path, limit: 4 << 20) else { return nil }
    self.init(path: path, bytes)
  }

  init(path: String, _ bytes: [UInt8]) {
    self.path = path
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
      if line.hasPrefix("X") { filters.append(Self.filter(line.dropFirst())) }
      guard line.hasPrefix("O InputMailFilters=") else { continue }
      asked = line.drop { $0 != "=" }.dropFirst().split { ",; ".contains($0) }.map(String.init)
    }
  }

  private static func filter(_ line: Substring) -> Filter {
    let pieces = line.split(separator: ",").map { $0.drop { $0 == " " || $0 == "\t" } }
    var fields: [Character: String] = [:]
    for piece in pieces.dropFirst() {
      guard let letter = piece.first, let sign = piece.firstIndex(of: "=") else { continue }
      fields[letter] = String(piece[piece.index(after: sign)...].filter { $0 != " " })
    }
    return Filter(name: pieces.first.map { String($0.filter { $0 != " " }) } ?? "", fields: fields)
  }
}
