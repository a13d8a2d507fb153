#ifndef DEFANG_CLMDB_SHIM_H
#define DEFANG_CLMDB_SHIM_H

#include <fcntl.h>
#include <lmdb.h>

/* A lock of an open file description, which does not end when another descriptor of the file is
   closed; the numbers hide behind _GNU_SOURCE. Zero, or -1 with errno. */
static inline int defang_lock_for_reading(int descriptor) {
  struct flock lock = {.l_type = F_RDLCK, .l_whence = SEEK_SET};
  return fcntl(descriptor, 37 /* F_OFD_SETLK */, &lock);
}

static inline int defang_unlock(int descriptor) {
  struct flock lock = {.l_type = F_UNLCK, .l_whence = SEEK_SET};
  return fcntl(descriptor, 37 /* F_OFD_SETLK */, &lock);
}

#endif
