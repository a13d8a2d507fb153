// The texts of a part by the field that a question names: a handful of places, and no hashing for
// each question.
internal import RuleBytecode

/// The texts of each field that was asked for.
struct PartWords {
  /// Places for fields; one for each, and some to spare.
  static let count = 16

  private var places = InlineArray<16, [TextWord]?>(repeating: nil)

  subscript(field: PartField) -> [TextWord]? {
    get { places[Int(field.rawValue)] }
    set { places[Int(field.rawValue)] = newValue }
  }
}
