/* How libopus is built here; its sources include this file where a configure script would have written one. */

#define OPUS_BUILD
#define VAR_ARRAYS
#define HAVE_STDINT_H 1
#define HAVE_LRINT 1
#define HAVE_LRINTF 1
#define PACKAGE_VERSION "1.5.2"

/* libopus' checks of itself; what they find ends the call (voiceCodec.c). */
#define ENABLE_HARDENING
#define OVERRIDE_celt_fatal

/* WebAssembly multiplies 64 bits in one instruction. libopus goes by the platform's name to know that, and without it
   puts every such product together from four. Nothing else in it asks for this name. */
#define _WIN64

/* One instruction each, where the C library has a function. */
#include <math.h>
#define lrintf(x) ((long)__builtin_rintf(x))
#define lrint(x) ((long)__builtin_rint(x))
