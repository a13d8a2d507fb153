#ifndef DEFANG_CMILTER_SHIM_H
#define DEFANG_CMILTER_SHIM_H
#include <stdbool.h> /* else mfapi.h defines bool as int */
#include <libmilter/mfapi.h>
#endif
