#ifndef DEFANG_CZLIB_SHIM_H
#define DEFANG_CZLIB_SHIM_H
#include <zlib.h>
#endif
