// Long texts about loops: codes of families P and D.

import RuleBytecode

extension Explanation {
  static let loops: [Explanation] = [
    Explanation(
      .loopNeeded, "a part edit outside of a loop over parts",
      """
      The action changes one MIME part, and in eom no part is the one that is meant. A
      loop over parts gives one in each of its turns.
      """,
      in: .phase(.eom),
      wrong: """
        rule "big" { if size :over 1M { drop; } }
        """,
      right: """
        rule "big" { foreverypart { if part :over "size" 1M { drop; } } }
        """,
      why: """
        In phase part every part has a run of its own, so nothing needs to be said there.
        """),
    Explanation(
      .breakOutsideLoop, "'break' outside of a loop",
      """
      'break' leaves a loop, and there is none around it.
      """,
      in: .phase(.eom),
      wrong: """
        rule "list" { if exists "List-Id" { break; } log "no list"; }
        """,
      right: """
        rule "list" { if exists "List-Id" { continue; } log "no list"; }
        """,
      why: """
        'continue' ends the rule, 'stop' the run, 'return' the definition or included file.
        A loop of the caller cannot be left from inside a definition.
        """),
    Explanation(
      .loopsTooDeep, "loops inside loops inside loops",
      """
      Loops over parts nest at most 4 deep.
      """,
      in: .phase(.eom),
      wrong: """
        rule "deep" {
          foreverypart { foreverypart { foreverypart { foreverypart { foreverypart {
            log "${part.path}";
          } } } } }
        }
        """,
      right: """
        rule "deep" { foreverypart { log "${part.path}"; } }
        """,
      why: """
        What a message can cost grows with every level. The outermost loop visits all
        parts already; an inner one those inside the part that the outer one is at.
        """),
  ]
}
