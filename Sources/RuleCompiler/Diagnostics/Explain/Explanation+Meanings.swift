// The text about what is compared as it stands, and was meant as something else.

import RuleBytecode

extension Explanation {
  static let meanings: [Explanation] = [
    Explanation(
      .otherMeaning, "a text that means something else here",
      """
      The text is allowed and is compared as it stands. Written like that it was most
      likely meant as a pattern, a network, a number or a fact, or, in a refusal, as
      the code of the reply.
      """,
      in: .phase(.mail),
      wrong: """
        rule "news" { if envelope :is "from" "*@news.example" { reject "No"; } }
        """,
      right: """
        rule "news" { if envelope :matches "from" "*@news.example" { reject "No"; } }
        """,
      why: """
        ':is' and ':contains' know no wildcards, 'string' no networks and ':value' no
        numbers unless ':comparator' says so: such a test is hardly ever true, and
        nobody would notice.
        """)
  ]
}
