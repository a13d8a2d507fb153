#!/bin/bash
# Installs what the build and the end-to-end tests need on Debian 12, and unpacks sendmail and
# Postfix into .build-mta/. Quiet unless it fails; a second run is a few file tests.
#
#   tools/install-needs.sh          everything, for `make test` and `make run`
#   tools/install-needs.sh build    only what the compiler and the libraries need
#   tools/install-needs.sh deb      only what makes the Debian package
#
# Debian's sendmail and postfix packages conflict, so neither is installed: both are downloaded
# through apt (which checks their signatures) and unpacked side by side.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache="$here/.build-mta"
stamp="$cache/stamp-1"
log="$cache/install-needs.log"

# The toolchain's own needs first: a bare system has none of them.
build_packages=(
  binutils ca-certificates gcc git libarchive-dev libc-ares-dev libc6-dev libcurl4 libldap-dev
  liblmdb-dev libmagic-dev libmilter-dev libncurses6 libpcre2-dev libpq-dev libsqlite3-dev
  libstdc++-12-dev libxml2 make publicsuffix tzdata zlib1g-dev
)
# Shared libraries of the unpacked mail servers, m4 for sendmail's configuration, SASL for AUTH;
# mandoc reads the manual pages, python3 makes the odd mail, html5lib judges sanitised pages, dkim
# judges signatures, authheaders DMARC, bsdtar and compressors make archives, tinycdb, sqlite3 and
# lmdb-utils tables, which redis, slapd and postgresql hold too; clamd, spamd, rspamd and c-icap
# (which asks clamd) judge mail;
# gpg-agent is what spamassassin's installation runs without saying so.
mta_packages=(
  bzip2 c-icap clamav-daemon gpg-agent libarchive-tools libc-icap-mod-virus-scan libcdb1
  libdb5.3 libicu72 libldap-2.5-0
  liblockfile1 libnsl2 libsasl2-2 libsasl2-modules libsasl2-modules-db libssl3 libwrap0 lmdb-utils
  m4 mandoc netbase openssl postgresql procps python3 python3-authheaders python3-dkim
  python3-html5lib redis-server redis-tools rspamd sasl2-bin slapd spamd sqlite3 tinycdb util-linux
  xz-utils zstd
)
deb_packages=(debhelper dpkg-dev fakeroot lintian mandoc)
unpacked_packages=(sendmail-bin sendmail-base sendmail-cf postfix)

say() { printf 'install-needs: %s\n' "$*" >&2; }

fail() {
  say "$1"
  if [ -s "$log" ]; then
    say "the end of $log:"
    tail -n 40 "$log" >&2
  fi
  exit 1
}

# Another apt may be at work (unattended upgrades, a second checkout): wait for its lock.
apt() {
  DEBIAN_FRONTEND=noninteractive apt-get -q -y \
    -o DPkg::Lock::Timeout=600 -o Acquire::Retries=3 \
    -o Dpkg::Options::=--force-confold "$@" >>"$log" 2>&1
}

# DPkg::Lock::Timeout does not cover the lock of the package lists.
update_lists() {
  local try
  for try in 1 2 3 4 5 6 7 8 9 10; do
    if apt update; then return 0; fi
    grep -q 'Could not get lock' "$log" || [ "$try" -lt 3 ] || return 1
    sleep 6
  done
  return 1
}

missing_of() {
  local name
  for name in "$@"; do
    dpkg-query -W -f='${db:Status-Status}\n' "$name" 2>/dev/null | grep -qx installed ||
      printf '%s\n' "$name"
  done
}

install_missing() {
  local missing
  mapfile -t missing < <(missing_of "$@")
  [ "${#missing[@]}" -eq 0 ] && return 0
  [ "$(id -u)" -eq 0 ] || fail "run as root to install: ${missing[*]}"
  say "installing ${missing[*]}"
  apt install --no-install-recommends "${missing[@]}" && return 0
  # The lists may be absent or old; that is the usual reason.
  update_lists || fail "apt-get update failed"
  apt install --no-install-recommends "${missing[@]}" || fail "apt-get install failed"
}

unpack_servers() {
  local work="$cache/new.$$" name
  rm -rf "$work"
  mkdir -p "$work/archives" "$work/sendmail" "$work/postfix"
  say "downloading ${unpacked_packages[*]}"
  # apt's download sandbox user cannot write into a directory of root's: stay root.
  (cd "$work/archives" && apt -o APT::Sandbox::User=root download "${unpacked_packages[@]}") ||
    { update_lists && (cd "$work/archives" &&
      apt -o APT::Sandbox::User=root download "${unpacked_packages[@]}"); } ||
    fail "apt-get download failed"
  for name in "$work"/archives/sendmail*.deb; do dpkg -x "$name" "$work/sendmail"; done
  for name in "$work"/archives/postfix*.deb; do dpkg -x "$name" "$work/postfix"; done
  rm -rf "$work/archives" "$cache/sendmail" "$cache/postfix"
  mv "$work/sendmail" "$work/postfix" "$cache/"
  rmdir "$work"
}

# The same packages, whole: tools/try-package.sh installs them where the machine is not touched.
keep_archives() {
  local work="$cache/archives.$$" name
  rm -rf "$work"
  mkdir -p "$work/sendmail" "$work/postfix"
  for name in "${unpacked_packages[@]}"; do
    (cd "$work/${name%%-*}" && apt -o APT::Sandbox::User=root download "$name") ||
      fail "apt-get download failed"
  done
  rm -rf "$cache/archives"
  mv "$work" "$cache/archives"
}

# Postfix refuses to start without its user and its set-gid group. The servers' own files are bound
# over these directories, each in a namespace of its own: they only have to exist.
make_users_and_mount_points() {
  mkdir -p /etc/postfix /etc/sasl2 /usr/lib/postfix
  getent group postfix >/dev/null || groupadd --system postfix
  getent group postdrop >/dev/null || groupadd --system postdrop
  getent passwd postfix >/dev/null ||
    useradd --system --gid postfix --home-dir /nonexistent --no-create-home \
      --shell /usr/sbin/nologin postfix
}

mkdir -p "$cache"
# Two runs at once (two checkouts share apt, one checkout shares the cache) go one by one.
exec 9>"$cache/lock"
flock 9

: >"$log"
if [ "${1:-all}" = deb ]; then
  install_missing "${deb_packages[@]}"
  exit 0
fi
install_missing "${build_packages[@]}"
[ "${1:-all}" = build ] && exit 0
install_missing "${mta_packages[@]}" "${deb_packages[@]}"
if [ ! -e "$stamp" ]; then
  [ "$(id -u)" -eq 0 ] || fail "run as root: users for Postfix must be made"
  unpack_servers
  touch "$stamp"
fi
[ -d "$cache/archives" ] || keep_archives
make_users_and_mount_points >>"$log" 2>&1 || fail "cannot make the users postfix and postdrop"
