// The texts of family C. Their examples are configurations of the daemon.

extension Explanation {
  static let configuration: [Explanation] = [
    Explanation(
      .setTwice, "a setting that stands twice",
      """
      Each setting stands once; only 'listen' may be repeated.
      """,
      in: .configuration,
      wrong: """
        grace 30;
        grace 60;
        """,
      right: """
        grace 60;
        """,
      why: """
        If the last one won, a line added at the top would do nothing, and nobody would
        be told.
        """),
    Explanation(
      .commandOfPolicies, "a command of policies",
      """
      The configuration says how the daemon runs; what it does with mail stands in the
      policy, which 'rules' names.
      """,
      in: .configuration,
      wrong: """
        table :inline ["exe"] :type "set" "bad";
        """,
      right: """
        rules "/etc/defang/policy.rules";
        """,
      why: """
        A policy is compiled and changed by a reload as a whole, and is the same wherever it
        runs; the configuration is of one host.
        """),
    Explanation(
      .sameListener, "a listener that stands twice",
      """
      The same address is named by two 'listen'.
      """,
      in: .configuration,
      wrong: """
        listen "inet:8891@127.0.0.1";
        listen "inet:8891@127.0.0.1";
        """,
      right: """
        listen "inet:8891@127.0.0.1";
        listen "inet:8892@127.0.0.1";
        """,
      why: """
        One address has one socket: the second could not be opened, and the daemon would
        not start.
        """),
    Explanation(
      .tagOfOtherListener, "a tag of another kind of listener",
      """
      ':mode' and ':group' are of unix sockets, which are files; ':remote' is of network
      addresses.
      """,
      in: .configuration,
      wrong: """
        listen "inet:8891@127.0.0.1" :mode "0660";
        """,
      right: """
        listen "unix:/run/defang/defang.sock" :mode "0660";
        """,
      why: """
        Whoever reads it would believe that the port is guarded by a mode.
        """),
    Explanation(
      .reachableListener, "a listener that other hosts can reach",
      """
      The address is not one of this host alone, and ':remote' does not say that it is
      meant.
      """,
      in: .configuration,
      wrong: """
        listen "inet:8891@192.0.2.1";
        """,
      right: """
        listen "inet:8891@192.0.2.1" :remote;
        """,
      why: """
        The milter protocol knows no password: whoever can connect can have messages
        judged, learn the policy by its answers, and take up all sessions. Where the mail
        server is on another host, let a packet filter see to it that only it connects.
        """),
    Explanation(
      .oneListener, "more listeners than libmilter has",
      """
      libmilter serves one address in a process.
      """,
      in: .configuration,
      wrong: """
        engine "libmilter";
        listen "unix:/run/defang/one.sock";
        listen "unix:/run/defang/two.sock";
        """,
      right: """
        engine "nio";
        listen "unix:/run/defang/one.sock";
        listen "unix:/run/defang/two.sock";
        """,
      why: """
        A mail server that is told of the second cannot connect, and may let mail pass
        unfiltered.
        """),
    Explanation(
      .credentialsInClear, "a password without encryption",
      """
      ':credentials' names a user and a password, and ':tls "off"' forbids what would
      protect them.
      """,
      in: .configuration,
      wrong: """
        submit "mail.example.org:587" :tls "off" :credentials "/etc/defang/submit";
        """,
      right: """
        submit "mail.example.org:587" :tls "required" :credentials "/etc/defang/submit";
        """,
      why: """
        They are sent over encrypted connections only, so they would never be of use.
        """),
    Explanation(
      .overloadAccepts, "mail that passes at overload",
      """
      With overload "accept", messages that come when sessions or memory are used up are
      not filtered at all.
      """,
      in: .configuration,
      wrong: """
        overload "accept";
        """,
      right: """
        overload "tempfail";
        """,
      why: """
        Overload can be brought about: whoever wants a message through only has to open
        enough connections. With "tempfail" the sending server tries again later.
        """),
    Explanation(
      .badMailServer, "no mail server",
      """
      The text does not name a host, with or without a port, or a unix socket.
      """,
      in: .configuration,
      wrong: """
        submit "mail.example.org:smtp";
        """,
      right: """
        submit "mail.example.org:25";
        """,
      why: """
        Ports are numbers. An IPv6 address with a port stands in brackets, as in
        [2001:db8::1]:25.
        """),
    Explanation(
      .badAccount, "no name of a user or group",
      """
      Names have up to 32 letters, digits, '_', '-' and '.', and do not begin with '-'; a
      number is possible too.
      """,
      in: .configuration,
      wrong: """
        user "mail filter";
        """,
      right: """
        user "defang";
        """,
      why: """
        Whether there is such a user, defangd --check-config tells.
        """),
    Explanation(
      .socketPathTooLong, "a socket path that the system cannot take",
      """
      The path of a unix socket has 107 bytes at most.
      """,
      why: """
        So the system has it. A longer one would be cut, and the mail server would look in
        another place.
        """),
    Explanation(
      .badMemoryPlace, "no place for memories",
      """
      What policies remember lies in a file of this host ("sqlite"), or in a Redis that
      several hosts share.
      """,
      in: .configuration,
      wrong: """
        memory "redis://192.0.2.7";
        """,
      right: """
        memory "redis:inet:6379@192.0.2.7";
        """,
      why: """
        The address of the Redis is written as that of any socket.
        """),
    Explanation(
      .tagOfRedis, "a tag of Redis at a file",
      """
      ':secret' and ':user' are for logging in to a Redis; the file of "sqlite" is guarded
      by its mode.
      """,
      in: .configuration,
      wrong: """
        memory "sqlite" :secret "/etc/defang/redis";
        """,
      right: """
        memory "redis:unix:/run/redis/redis.sock" :secret "/etc/defang/redis";
        """,
      why: """
        Whoever reads it would believe that a password is asked for.
        """),
    Explanation(
      .badTraceFilter, "a trace of no mail",
      """
      Whose mail is traced is said by words that are parted by blanks: client=NET,
      sender=A, recipient=A, rule=NAME and share=1/N, each at most once. '*' is any run of
      characters; all words of one text must hold.
      """,
      in: .configuration,
      wrong: """
        trace :only "from=ann@example.net";
        """,
      right: """
        trace :only "sender=ann@example.net share=1/10";
        """,
      why: """
        Mail that nobody meant would be traced, or none.
        """),
    Explanation(
      .figuresElsewhere, "figures for other hosts",
      """
      The address for figures is not one of this host alone.
      """,
      in: .configuration,
      wrong: """
        listen :metrics "inet:9191@192.0.2.1";
        """,
      right: """
        listen :metrics "inet:9191@127.0.0.1";
        """,
      why: """
        Figures tell much about a site, and nothing asks for a password. Where Prometheus
        is on another host, let a proxy with a password stand between.
        """),
  ]
}
