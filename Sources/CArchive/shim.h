#ifndef DEFANG_CARCHIVE_SHIM_H
#define DEFANG_CARCHIVE_SHIM_H

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* prctl is variadic, and a BPF program is made of C macros: neither can be said in Swift. */

/* Closes what was inherited beside the three standard streams. */
static inline int defang_close_others(void) {
  return (int)syscall(SYS_close_range, 3U, ~0U, 0U);
}

/* No system call is left but those that read and write what is open, and those for memory, time
   and the end. Others fail with EPERM. 0 when that holds. */
static inline int defang_confine(void) {
#if defined(__x86_64__)
#define DEFANG_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define DEFANG_ARCH AUDIT_ARCH_AARCH64
#else
#error "no list of system calls for this machine"
#endif
#define DEFANG_ALLOW(call)                                    \
  BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##call, 0, 1),      \
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
  struct sock_filter filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, DEFANG_ARCH, 1, 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      DEFANG_ALLOW(read),
      DEFANG_ALLOW(write),
      DEFANG_ALLOW(brk),
      DEFANG_ALLOW(mmap),
      DEFANG_ALLOW(munmap),
      DEFANG_ALLOW(mremap),
      DEFANG_ALLOW(mprotect),
      DEFANG_ALLOW(madvise),
      DEFANG_ALLOW(futex),
      DEFANG_ALLOW(clock_gettime),
      DEFANG_ALLOW(rt_sigprocmask),
      DEFANG_ALLOW(rt_sigreturn),
      DEFANG_ALLOW(exit),
      DEFANG_ALLOW(exit_group),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
  };
#undef DEFANG_ALLOW
#undef DEFANG_ARCH
  struct sock_fprog program = {sizeof filter / sizeof filter[0], filter};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -1;
  if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return -1;
  return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0);
}

#endif
