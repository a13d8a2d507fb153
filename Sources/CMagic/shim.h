#ifndef DEFANG_CMAGIC_SHIM_H
#define DEFANG_CMAGIC_SHIM_H
#include <magic.h>
#endif
