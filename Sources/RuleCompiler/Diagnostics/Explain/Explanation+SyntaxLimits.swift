// The texts of family S, S032 to S039: limits of the compiler, and files that cannot be read.

extension Explanation {
  static let syntaxLimits: [Explanation] = [
    Explanation(
      .blocksTooDeep, "blocks nested too deep",
      """
      More than 32 blocks stand inside of each other. The inner ones are not read.
      """,
      why: """
        The limit keeps a hostile file from exhausting the compiler. Nobody reads a rule
        that deep either: give an inner part a name with 'define' and use 'call', or
        leave early with 'continue'.
        """),
    Explanation(
      .testsTooDeep, "tests nested too deep",
      """
      More than 32 tests stand inside of each other. The inner ones are not read.
      """,
      why: """
        The limit keeps a hostile file from exhausting the compiler. Give an inner part a
        name, define "name" TEST; and ask for it with 'is'. A long anyof or allof is not
        deep: its entries stand side by side.
        """),
    Explanation(
      .tooManyListEntries, "a list that is too long",
      """
      A list in brackets holds more than 100,000 strings.
      """,
      why: """
        Lists of that size are data, not rules: put them into a file, one entry a line,
        and declare it with 'table :file'. It is then loaded by the daemon, and changes
        without a new compilation.
        """),
    Explanation(
      .tooManyArguments, "too many arguments",
      """
      One command or test has more than 64 arguments. No command takes that many.
      """,
      why: """
        Most often brackets are missing around a list: several strings in place of one
        argument belong between '[' and ']'.
        """),
    Explanation(
      .tooManyTokens, "a file that is too long",
      """
      The file holds more than two million words and signs. What follows is not read.
      """,
      why: """
        The limit bounds the memory of the compiler. Long lists belong into files of
        their own (table :file); a policy may also consist of several files.
        """),
    Explanation(
      .tooManyCommands, "too many commands",
      """
      The file holds more than 200,000 commands and tests. What follows is not read.
      """,
      why: """
        Rules made by a program, one for each address, are better one rule and a table:
        a table of a million entries is asked in one step, a million rules are not.
        """),
    Explanation(
      .sourceTooLarge, "a file that is too large",
      """
      The file has more than eight mebibytes and was not read.
      """,
      why: """
        The limit bounds the memory of the compiler. Long lists belong into files of
        their own (table :file); a policy may also consist of several files.
        """),
    Explanation(
      .unreadable, "a file that cannot be read",
      """
      The file does not exist, is a directory, or must not be read by this user. The
      message says which.
      """,
      why: """
        A policy of which one file is missing is not compiled at all: it would do less
        than it says. Paths that a policy names itself are relative to the file that
        names them.
        """),
  ]
}
