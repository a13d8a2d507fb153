#!/bin/bash
# Within the copy of tools/try-package.sh: what an administrator does who has only the README.
set -euo pipefail
server=$1 kind=$2
export DEBIAN_FRONTEND=noninteractive

say() { printf '%s: %s\n' "$server" "$*"; }

fail() {
  printf '%s: FAILED: %s\n' "$server" "$*" >&2
  journalctl --no-pager -n 40 -u defangd >&2 || true
  exit 1
}

quietly() {
  "$@" >/tmp/said 2>&1 || { cat /tmp/said >&2; fail "$*"; }
}

# Waits for what comes by itself.
until_true() {
  for _ in $(seq 300); do
    if "$@" >/dev/null 2>&1; then return 0; fi
    sleep 0.1
  done
  fail "never came true: $*"
}

# The reply to a message: of RCPT, or of the end of its data.
send() { # SENDER SUBJECT
  python3 - "$1" "$2" <<'PYTHON'
import smtplib, sys
text = "From: <%s>\r\nTo: <root@localhost>\r\nSubject: %s\r\n\r\nText\r\n" % tuple(sys.argv[1:3])
try:
    client = smtplib.SMTP("127.0.0.1", 25, timeout=60)
    client.sendmail(sys.argv[1], ["root@localhost"], text)
    print("250")
except smtplib.SMTPSenderRefused as refused:
    print(refused.smtp_code, refused.smtp_error.decode())
except smtplib.SMTPRecipientsRefused as refused:
    print(*list(refused.recipients.values())[0])
except smtplib.SMTPResponseException as refused:
    print(refused.smtp_code, refused.smtp_error.decode())
PYTHON
}

expect() { # REPLY SENDER SUBJECT
  local reply
  reply=$(send "$2" "$3")
  case $reply in
    "$1"*) ;;
    *) fail "expected $1, was: $reply" ;;
  esac
}

# ------------------------------------------------------------------ install
quietly dpkg --force-depends -i /lab/server/*.deb
quietly dpkg -i /lab/defang.deb
until_true systemctl is-active --quiet defangd
id defang >/dev/null || fail "no user"
[ "$(stat -c %U:%a /var/lib/defang)" = defang:750 ] || fail "state folder"
[ "$(stat -c %U:%a /run/defang)" = defang:755 ] || fail "run folder"
if [ "$kind" = release ]; then
  for program in /usr/sbin/defangd /usr/sbin/defangctl /usr/bin/defang-rulec; do
    ldd "$program" | grep -Ei 'swift|not found' && fail "$program needs what the package has not"
  done
  command -v swift >/dev/null && fail "Swift is here"
fi
for page in man1/defang-rulec.1 man5/defangd.conf.5 man5/defang-rules.5 man7/defang.7 \
  man8/defangd.8 man8/defangctl.8; do
  [ -s "/usr/share/man/$page.gz" ] || fail "no manual page $page"
done
bash -c '. /usr/share/bash-completion/completions/defangctl && complete -p defangctl' \
  >/dev/null || fail "no completion"
master=$(systemctl show -P MainPID defangd)
grep -q '^Seccomp:.2' "/proc/$master/status" || fail "no filter of system calls"
grep -q '^NoNewPrivs:.1' "/proc/$master/status" || fail "new privileges are possible"
grep -q '^CapBnd:.0000000000000000' "/proc/$master/status" || fail "capabilities are left"
[[ $(systemctl show -P StatusText defangd) = "observing, "* ]] || fail "no status, or another"
if journalctl --no-pager -u defangd | grep -Ei 'fail|error|warn'; then
  fail "the first start complains"
fi
say "installed; the daemon runs in its sandbox"

# ------------------------------------------------------------------ set up as the README has it
quietly defangd --check-config
cat >/etc/defang/policy.rules <<'RULES'
require ["defang", "envelope"];
phase mail {
  rule "forged" {
    if envelope :is "from" "forged@example.org" {
      reject :code "550" :enhanced "5.7.1" "Not from here";
    }
  }
}
phase eom {
  rule "worm" { if header :contains "Subject" "worm" { reject "No worms"; } }
}
RULES
sed -i 's/^observe;/#observe;/' /etc/defang/defangd.conf
case $server in
  postfix)
    install -d -o defang -g postfix -m 2750 /var/spool/postfix/defang
    sed -i -e 's/^listen "unix:\/run\/defang\/defang.sock"/#&/' \
      -e 's/^#listen "unix:\/var\/spool/listen "unix:\/var\/spool/' /etc/defang/defangd.conf
    quietly systemctl restart defangd
    defangctl mta-config postfix | grep -v '^#' >>/etc/postfix/main.cf
    postconf -e 'local_recipient_maps=' 'inet_interfaces=127.0.0.1'
    quietly systemctl restart postfix
    ;;
  sendmail)
    quietly systemctl restart defangd
    defangctl mta-config sendmail >/tmp/lines
    sed -i '/^MAILER_DEFINITIONS/,$d' /etc/mail/sendmail.mc
    {
      cat /tmp/lines
      # There is no DNS here.
      echo "FEATURE(\`accept_unresolvable_domains')dnl"
      echo MAILER_DEFINITIONS
      echo "MAILER(\`local')dnl"
      echo "MAILER(\`smtp')dnl"
    } >>/etc/mail/sendmail.mc
    quietly make -C /etc/mail
    quietly systemctl restart sendmail
    ;;
esac
until_true bash -c 'exec 3<>/dev/tcp/127.0.0.1/25'
defangctl doctor >/tmp/said || { cat /tmp/said >&2; fail "the doctor finds faults"; }
say "set up: $(cat /tmp/said)"

# ------------------------------------------------------------------ mail
expect 250 ann@example.org hello
expect 550 forged@example.org hello
expect 5 ann@example.org 'a worm'
# It is written when there is time.
until_true bash -c 'defangctl history | grep -q worm'
say "mail: accepted and refused as the policy says"

# ------------------------------------------------------------------ reload
cp /etc/defang/policy.rules /tmp/good.rules
echo 'phase mail { rejct; }' >>/etc/defang/policy.rules
if systemctl reload defangd 2>/dev/null; then fail "a bad policy was reloaded"; fi
expect 550 forged@example.org hello
sed 's/forged@example.org/other@example.org/' /tmp/good.rules >/etc/defang/policy.rules
quietly systemctl reload defangd
expect 250 forged@example.org hello
expect 550 other@example.org hello
chmod o+w /etc/defang/policy.rules
if systemctl reload defangd 2>/dev/null; then fail "rules that others may write were loaded"; fi
chmod o-w /etc/defang/policy.rules
say "reload: a bad policy fails it and changes nothing"

# ------------------------------------------------------------------ the daemon dies
kill -KILL "$(systemctl show -P MainPID defangd)"
until_true bash -c "[ \"\$(systemctl show -P MainPID defangd)\" != '$master' ] &&
  defangctl status"
expect 550 other@example.org hello
say "killed, it came back"

# ------------------------------------------------------------------ upgrade, remove, purge
before=$(md5sum /etc/defang/*)
quietly dpkg -i --force-confold /lab/defang.deb
[ "$(md5sum /etc/defang/*)" = "$before" ] || fail "an edited configuration was changed"
until_true defangctl status
expect 550 other@example.org hello
quietly dpkg -r defang
systemctl is-active --quiet defangd && fail "it runs without its package"
[ -e /etc/defang/defangd.conf ] || fail "remove took the configuration"
expect 4 other@example.org hello
quietly dpkg -P defang
[ ! -e /etc/defang ] && [ ! -e /var/lib/defang ] || fail "purge left something"
say "upgraded, removed, purged"
