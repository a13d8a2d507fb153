// The texts about files that include each other.

import RuleBytecode

extension Explanation {
  static let includes: [Explanation] = [
    Explanation(
      .badScriptName, "no name of a script",
      """
      Plain Sieve names scripts, not paths: up to 128 characters, without slashes, control
      characters and line ends.
      """,
      in: .whole,
      wrong: """
        require "include";
        include "../common";
        """,
      right: """
        require "include";
        include :optional "common";
        """,
      why: """
        A script that could name any path would read files that are none of its owner's.
        In a file with require "defang" paths are fine.
        """),
    Explanation(
      .includeMissing, "an included file that is not there",
      """
      The file of an include does not exist. Paths begin in the folder of the file that
      names them, with :global in that of the first file of the policy.
      """,
      in: .file,
      wrong: """
        include "lists.rules";
        phase eom { rule "note" { log "seen"; } }
        """,
      right: """
        include :optional "lists.rules";
        phase eom { rule "note" { log "seen"; } }
        """,
      why: """
        All of a policy is linked when it is compiled. A part that may be missing says so.
        """),
    Explanation(
      .circularInclude, "files that include each other in a circle",
      """
      A file includes itself, directly or through others.
      """,
      why: """
        There would be no end to it. Move what both need into a file of its own; with :once a
        file that is being included already is left out.
        """),
    Explanation(
      .tooManyIncludes, "too many included files",
      """
      A policy includes more files than it may, or they include each other too deep.
      """,
      why: """
        Every file that includes others makes a policy harder to read; ten deep is more
        than anybody follows. Include the innermost files further out.
        """),
    Explanation(
      .includedTwice, "a file included twice",
      """
      A file with rules or declarations is included again.
      """,
      why: """
        Its names would be declared twice. Where several modules need the same file, each of
        them writes include :once.
        """),
    Explanation(
      .policyInScript, "a policy inside of a plain script",
      """
      A plain Sieve script includes a file that says require "defang".
      """,
      why: """
        Such a file has rules for several phases, and a plain script runs at the end of the
        message. The other way round it works: a policy can include plain scripts.
        """),
    Explanation(
      .globalTooLate, "'global' behind the variable",
      """
      A variable is declared as shared after the script has used it as its own: what was
      set before would not be what the other scripts see. RFC 6609 (section 3.4.1) wants
      'global' before the first use.
      """,
      in: .whole,
      wrong: """
        require ["include", "variables"];
        set "who" "me";
        global "who";
        if string "${who}" "me" { keep; }
        """,
      right: """
        require ["include", "variables"];
        global "who";
        set "who" "me";
        if string "${who}" "me" { keep; }
        """,
      why: """
        RFC 6609 §3.4: one name would mean two variables in one script.
        """),
  ]
}
