// Texts by the field that a question names, of a part or of an archive's member: a handful of
// places, and no hashing for each question.
internal import RuleBytecode

/// The texts of each field that was asked for.
struct PartWords {
  private var places = InlineArray<16, [TextWord]?>(repeating: nil)

  subscript(field: PartField) -> [TextWord]? {
    get { places[Int(field.rawValue)] }
    set { places[Int(field.rawValue)] = newValue }
  }
}
