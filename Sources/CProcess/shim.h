#ifndef DEFANG_CPROCESS_SHIM_H
#define DEFANG_CPROCESS_SHIM_H
/* prctl(2) is variadic, which Swift does not call; malloc.h is not among what it sees of glibc. */
#include <malloc.h>
#include <sys/prctl.h>
static inline int defang_no_new_privileges(void) {
  return prctl(PR_SET_NO_NEW_PRIVS, 1UL, 0UL, 0UL, 0UL);
}
static inline int defang_bound_free_memory(int large, int kept, int arenas) {
  return mallopt(M_MMAP_THRESHOLD, large) && mallopt(M_TRIM_THRESHOLD, kept) &&
         mallopt(M_ARENA_MAX, arenas);
}
static inline int defang_give_back_free_memory(void) { return malloc_trim(0); }
#endif
