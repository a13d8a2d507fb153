#ifndef DEFANG_CPCRE2_SHIM_H
#define DEFANG_CPCRE2_SHIM_H
/* Bytes, not 16- or 32-bit units: decides what pcre2.h declares, so it comes first. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#endif
