#!/bin/bash
# Installs the package into a copy of this machine that runs systemd, beside a mail server of
# Debian's own package, as the README tells it; sends mail, reloads, upgrades, removes and purges.
#
#   tools/try-package.sh PACKAGE.deb postfix|sendmail      as root; one line a step
#
# The copy is an overlay over the machine's files, with mounts, processes, host name, network and
# control groups of its own: the machine stays as it is. All of it is gone at the end.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# Process 1 of the copy: its file system, then systemd.
boot() {
  local work=$1 root=$1/root name
  mount --make-rprivate /
  mount -t tmpfs -o mode=0755 tmpfs "$work"
  mkdir "$work/upper" "$work/inner" "$root"
  mount -t overlay overlay -o "lowerdir=/,upperdir=$work/upper,workdir=$work/inner" "$root"
  mount -t proc proc "$root/proc"
  mount --bind "$root/proc/sys" "$root/proc/sys"
  mount -o remount,bind,ro "$root/proc/sys"
  mount -t sysfs -o ro sysfs "$root/sys"
  mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
  mount -t tmpfs -o mode=0755 tmpfs "$root/run"
  mount -t tmpfs tmpfs "$root/tmp"
  mount -t tmpfs -o mode=0755 tmpfs "$root/dev"
  for name in null zero full random urandom tty; do
    : >"$root/dev/$name"
    mount --bind "/dev/$name" "$root/dev/$name"
  done
  mkdir "$root/dev/pts" "$root/dev/shm" "$root/lab" "$root/.old"
  mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
  ln -s pts/ptmx "$root/dev/ptmx"
  cp "$2" "$root/lab/defang.deb"
  cp "$here/try-package.sh" "$here/package-steps.sh" "$root/lab/"
  cp -r "$3" "$root/lab/server"
  # Nothing of the machine's own services starts, and nothing that is about hardware or the kernel.
  rm -f "$root/usr/sbin/policy-rc.d"
  for name in modules-load sysctl udevd udev-trigger random-seed remount-fs update-utmp timesyncd \
    pstore machine-id-commit networkd resolved; do
    ln -sf /dev/null "$root/etc/systemd/system/systemd-$name.service"
  done
  printf '[Unit]\nDescription=The laboratory\n' >"$root/etc/systemd/system/lab.target"
  hostname mx.example.net
  echo mx.example.net | tee "$root/etc/hostname" >"$root/etc/mailname"
  printf '127.0.0.1 localhost\n127.0.1.1 mx.example.net mx\n' >"$root/etc/hosts"
  : >"$root/etc/resolv.conf"
  sed -i 's/^hosts:.*/hosts: files/' "$root/etc/nsswitch.conf"
  ip link set lo up 2>/dev/null || /usr/bin/python3 -c '
import fcntl, socket, struct
request = struct.pack("16sh", b"lo", 0x41)
fcntl.ioctl(socket.socket(), 0x8914, request)'
  # No Swift where the package is installed, unless it is one for tests.
  if [ -n "${4:-}" ] && [ "${5:-}" != debug ]; then mount -t tmpfs tmpfs "$root$4"; fi
  cd "$root"
  pivot_root . .old
  umount -l /.old
  exec env -i container=defang PATH=/usr/sbin:/usr/bin:/sbin:/bin \
    /lib/systemd/systemd --system --unit=lab.target --show-status=0
}

if [ "${1:-}" = --boot ]; then
  shift
  boot "$@"
fi

package=$(realpath "$1") server=$2
archives=$here/../.build-mta/archives/$server
[ -d "$archives" ] || { echo "no packages in $archives: tools/install-needs.sh" >&2; exit 1; }
swift=$(readlink -f "$(command -v swift || true)" || true)
[ -n "$swift" ] && swift=$(cd "$(dirname "$swift")/../.." && pwd)
kind=release
case $package in *debug*) kind=debug ;; esac

work=$(mktemp -d /tmp/defang-package.XXXXXX)
unshare --mount --pid --fork --kill-child=KILL --uts --ipc --net --cgroup \
  "$here/try-package.sh" --boot "$work" "$package" "$archives" "$swift" "$kind" \
  </dev/null >"$work.log" 2>&1 &
holder=$!
end() {
  kill -KILL "$holder" 2>/dev/null || true
  wait "$holder" 2>/dev/null || true
  rm -rf "$work" "$work.log"
}
trap end EXIT

init=
for _ in $(seq 600); do
  init=$(cat "/proc/$holder/task/$holder/children" 2>/dev/null | tr -d ' ') || true
  [ -n "$init" ] && nsenter -t "$init" -a test -S /run/systemd/private 2>/dev/null && break
  kill -0 "$holder" 2>/dev/null || { cat "$work.log" >&2; exit 1; }
  sleep 0.1
done
nsenter -t "$init" -a env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
  /lab/package-steps.sh "$server" "$kind"
