#!/usr/bin/env python3
"""Plays a terminal with a shell behind it for a program that draws on the whole screen.

The words are the program. It runs in a process group of its own in the foreground of a
pseudo-terminal, as under a shell with job control. Orders come line by line, each is answered by one:

  state          page, cursor and echo of the terminal as they are now
  drawn          waits for a frame after the ones before; its number of lines
  type HEX       types bytes
  size ROWS COLS changes the window
  signal NUMBER  sends a signal
  stopped        waits until it is stopped
  fg             lets it go on in the foreground
  ended          waits for its end: "exit 0", "signal 15"
"""
import fcntl, os, pty, re, select, signal, struct, sys, termios, time

TIMEOUT = 30

def set_size(fd, rows, columns):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

def shell(words, orders, answers):
    """The leader of the session: starts the program, and tells of what becomes of it."""
    # A shell may take the terminal back while it is in the background itself.
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        os.tcsetpgrp(0, os.getpid())
        signal.signal(signal.SIGTTOU, signal.SIG_DFL)
        os.execvp(words[0], words)
    try:
        os.setpgid(child, child)
    except OSError:
        pass
    os.write(answers, b"started %d\n" % child)
    while True:
        _, status = os.waitpid(child, os.WUNTRACED)
        os.tcsetpgrp(0, os.getpid())
        if os.WIFSTOPPED(status):
            os.write(answers, b"stopped %d\n" % os.WSTOPSIG(status))
            if not os.read(orders, 1):
                os._exit(1)
            os.tcsetpgrp(0, child)
            os.kill(child, signal.SIGCONT)
        else:
            text = "exit %d" % os.WEXITSTATUS(status) if os.WIFEXITED(status) \
                else "signal %d" % os.WTERMSIG(status)
            os.write(answers, text.encode() + b"\n")
            # The terminal stays for who looks at it.
            os.read(orders, 1)
            os._exit(0)

class Terminal:
    def __init__(self, words):
        down, self.orders = os.pipe()
        self.answers, up = os.pipe()
        pid, self.master = pty.fork()
        if pid == 0:
            os.close(self.orders)
            os.close(self.answers)
            shell(words, down, up)
        os.close(down)
        os.close(up)
        set_size(self.master, 24, 80)
        self.output = b""
        self.frames = 0
        self.news = b""
        self.child = int(self.hear().split()[1])

    def pump(self, seconds):
        ready, _, _ = select.select([self.master, self.answers], [], [], seconds)
        if self.master in ready:
            try:
                self.output += os.read(self.master, 65536)
            except OSError:
                pass
        if self.answers in ready:
            self.news += os.read(self.answers, 4096)

    def wait(self, is_there):
        end = time.monotonic() + TIMEOUT
        while not is_there():
            if time.monotonic() > end:
                return False
            self.pump(0.1)
        return True

    def hear(self):
        if not self.wait(lambda: b"\n" in self.news):
            return "nothing"
        line, self.news = self.news.split(b"\n", 1)
        return line.decode()

    def drawn(self):
        """Frames begin at the top and end by clearing what is below."""
        def frames():
            return re.findall(rb"\x1b\[H(.*?)\x1b\[J", self.output, re.S)
        if not self.wait(lambda: len(frames()) > self.frames):
            return "nothing"
        self.frames = len(frames())
        return "%d lines" % (frames()[-1].count(b"\r\n") + 1)

    def state(self):
        while select.select([self.master], [], [], 0.2)[0]:
            self.pump(0)
        def last(on, off):
            return self.output.rfind(on) > self.output.rfind(off)
        page = "other" if last(b"\x1b[?1049h", b"\x1b[?1049l") else "main"
        cursor = "hidden" if last(b"\x1b[?25l", b"\x1b[?25h") else "shown"
        flags = termios.tcgetattr(self.master)[3]
        wanted = termios.ECHO | termios.ICANON | termios.ISIG
        echo = "as it was" if flags & wanted == wanted else "raw"
        return "%s page, cursor %s, %s" % (page, cursor, echo)

    def obey(self, order):
        name, *words = order.split()
        if name == "drawn":
            return self.drawn()
        if name == "state":
            return self.state()
        if name in ("stopped", "ended"):
            return self.hear()
        if name == "type":
            os.write(self.master, bytes.fromhex(words[0]))
        elif name == "size":
            set_size(self.master, int(words[0]), int(words[1]))
        elif name == "signal":
            os.kill(self.child, int(words[0]))
        elif name == "fg":
            os.write(self.orders, b".")
        return "done"

terminal = Terminal(sys.argv[1:])
for line in sys.stdin:
    print(terminal.obey(line), flush=True)
