// The texts of family T. Their examples are test files, which no policy can show.

extension Explanation {
  static let tests: [Explanation] = [
    Explanation(
      .unreadableFile, "a file of a test that cannot be read",
      """
      A test names a file that is not there, is a directory, or may not be read.
      Paths are seen from the directory of the test file.
      """,
      why: """
        A test that silently went on without its message would pass for the wrong
        reason.
        """),
    Explanation(
      .noPolicy, "no policy to test",
      """
      The file does not say which policy it tests, and beside it stands none of the
      same name: starter.rulestest tests starter.rules unless it says otherwise.
      """,
      why: """
        Write policy "name.rules"; at the top, or a list of files that are one policy.
        """),
    Explanation(
      .policyDoesNotCompile, "the policy has errors",
      """
      The policy that these tests are for has errors of its own, which are printed
      before this line.
      """,
      why: """
        None of the tests can be run; the file counts as one failed test.
        """),
    Explanation(
      .badAnswers, "answers that no check takes",
      """
      What 'answer' or 'answers' says is no JSON, names a check that does not exist, or
      has a form that the check does not understand.
      """,
      why: """
        The answers are those of an --answers file; the manual lists each check's.
        A misspelt one would leave its check unanswered, which is a failure.
        """),
    Explanation(
      .badTime, "no time of RFC 3339",
      """
      'now' takes a date and a time with its zone: "2026-03-01T12:00:00Z" or
      "2026-03-01T13:00:00+01:00".
      """,
      why: """
        The clock of a test stands still where 'now' puts it; without one it is noon of
        a fixed day, so that a test does not depend on when it is run.
        """),
    Explanation(
      .wrongOrder, "a step that SMTP does not have there",
      """
      Recipients come before 'data' and before the message. A recipient behind it would
      belong to the next message, which begins with 'mail'.
      """,
      why: """
        A mail server would answer 503 (RFC 5321 section 4.1.4), so no policy ever sees
        such a session.
        """),
    Explanation(
      .nothingExpected, "a test without an expectation",
      """
      The test plays a session and looks at nothing, so it cannot fail.
      """,
      why: """
        If it is enough that nothing is refused, say so:
        expect :verdict "accept";
        """),
    Explanation(
      .nothingHappened, "an expectation before the first step",
      """
      'expect' looks at the session as it stands at that point, and here it has not
      begun: neither connect nor any later step stands before it.
      """,
      why: """
        Put it behind the step whose outcome is meant; later expectations can follow
        later steps of the same session.
        """),
    Explanation(
      .nestedTest, "a test inside a test",
      """
      Each test is a session of its own and stands at the top of the file.
      """,
      why: """
        What several tests have in common stands once, in 'defaults { … }', for all
        tests of the file.
        """),
  ]
}
