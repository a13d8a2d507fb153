#ifndef DEFANG_CARES_SHIM_H
#define DEFANG_CARES_SHIM_H

#include <ares.h>
#include <sys/eventfd.h>

/* A counter that poll(2) sees: what wakes the thread of the resolver. */
static inline int defang_wake_descriptor(void) {
  return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}

#endif
