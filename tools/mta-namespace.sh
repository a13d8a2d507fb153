#!/bin/bash
# Runs one unpacked mail server in namespaces of its own (mounts, host name, processes).
#
#   tools/mta-namespace.sh KIND DIR CACHE     KIND is sendmail or postfix
#
# DIR is the server's private directory, made by the test laboratory:
#   etc/hosts etc/nsswitch.conf etc/sasl2/  bound over the system's own
#   etc/postfix/ or sendmail.cf             the server's configuration
#   log.sock                                where /dev/log leads
#   pid                                     written here: a process inside, for nsenter
# The server lives as long as this script's standard input stays open. At its end, for whatever
# reason, the kernel ends every process of the namespace, and DIR is removed unless
# DEFANG_LAB_KEEP is set.
set -euo pipefail

if [ "${1:-}" != --inside ]; then
  setsid --wait unshare --mount --uts --pid --fork --kill-child=KILL "$0" --inside "$@" || true
  [ -n "${DEFANG_LAB_KEEP:-}" ] || rm -rf "$2"
  exit 0
fi

kind=$2 dir=$3 cache=$4

hostname mx.example.net

# No look-up may leave the machine: sendmail sleeps 60 s over a host name it cannot qualify.
mount --bind "$dir/etc/hosts" /etc/hosts
mount --bind "$dir/etc/nsswitch.conf" /etc/nsswitch.conf
mount --bind "$dir/etc/sasl2" /etc/sasl2

# A /dev of its own, because its log socket must not be the system's.
mkdir "$dir/dev"
mount --bind /dev "$dir/dev"
mount -t tmpfs -o mode=0755 tmpfs /dev
for node in null zero full random urandom; do
  : >"/dev/$node"
  mount --bind "$dir/dev/$node" "/dev/$node"
done
: >/dev/log
mount --bind "$dir/log.sock" /dev/log

case $kind in
postfix)
  mount --bind "$cache/postfix/usr/lib/postfix" /usr/lib/postfix
  mount --bind "$dir/etc/postfix" /etc/postfix
  /usr/lib/postfix/sbin/master -d </dev/null &
  ;;
sendmail)
  "$cache/sendmail/usr/libexec/sendmail/sendmail" -bD -C "$dir/sendmail.cf" </dev/null &
  ;;
esac

# /proc is still the system's: this is the number by which the outside knows this process.
read -r outer_pid _ </proc/self/stat
echo "$outer_pid" >"$dir/pid.new"
mv "$dir/pid.new" "$dir/pid"

# Blocks until whoever started us closes the pipe or dies.
read -r _ || true
