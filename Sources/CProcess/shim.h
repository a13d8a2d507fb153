#ifndef DEFANG_CPROCESS_SHIM_H
#define DEFANG_CPROCESS_SHIM_H
/* prctl(2) is variadic, which Swift does not call. */
#include <sys/prctl.h>
static inline int defang_no_new_privileges(void) {
  return prctl(PR_SET_NO_NEW_PRIVS, 1UL, 0UL, 0UL, 0UL);
}
#endif
