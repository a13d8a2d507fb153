// The texts about tables: what their declarations and their files hold.

import RuleBytecode

extension Explanation {
  static let tables: [Explanation] = [
    Explanation(
      .secretInText, "a password in a policy",
      """
      A connection string or URL holds a password. Policies are shown in reports, and an
      image of one is read by whoever may read mail rules.
      """,
      in: .file,
      wrong: """
        on_error :table "tempfail";
        table :postgresql "host=db user=mail password=x" :query "select 1 where k=$1" "vips";
        phase mail { rule "vip" { if lookup "table:vips" "${sender}" { accept; } } }
        """,
      right: """
        on_error :table "tempfail";
        table :postgresql "host=db user=mail passfile=/etc/defang/pg" :query "select 1 where k=$1"
          "vips";
        phase mail { rule "vip" { if lookup "table:vips" "${sender}" { accept; } } }
        """,
      why: """
        A secret stands in a file of its own, which only the daemon may read: passfile=PATH
        for :postgresql, :secret PATH for :ldap.
        """),
    Explanation(
      .badTableText, "a list file that cannot be used",
      """
      The file of a table is larger than may be, has too many entries, or one of its lines
      is too long, holds control characters, or begins with a bracket and is no section.
      """,
      why: """
        Half a list is no list: who is on it may stand in the other half. So what is too
        much is refused as a whole; of a bad line the message names file and line.
        """),
    Explanation(
      .berkeleyDB, "a table of Berkeley DB",
      """
      The hash and btree files that makemap and postmap write are not read.
      """,
      in: .file,
      wrong: """
        table :hash "/etc/mail/access.db" :type "map" "access";
        phase mail { rule "a" { if lookup "table:access" "${sender}" { accept; } } }
        """,
      right: """
        table :inline ["ann@example.com OK", "bob@example.com OK"] :type "map" "access";
        phase mail { rule "a" { if lookup "table:access" "${sender}" { accept; } } }
        """,
      why: """
        Their format changes with the library that wrote them. Name the text file that they
        are made of (table :file with :type "map" reads it as it is), or make a :cdb of it.
        """),
    Explanation(
      .notReadable, "a file that cannot be read",
      """
      A list or policy that this one names is there, and cannot be read: it is a directory,
      or belongs to somebody else.
      """,
      why: """
        Paths begin in the folder of the file that names them. The daemon reads lists as
        the user it runs as.
        """),
    Explanation(
      .fileMissing, "a list that is not there",
      """
      The file of a table does not exist. The policy compiles, since the list may be made
      later or stand on another host.
      """,
      why: """
        The daemon does not start, and a reload is refused, while a list is missing: mail
        that the list should let by or keep out would be treated wrongly.
        """),
  ]
}
