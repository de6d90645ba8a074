// SPDX-License-Identifier: Apache-2.0
/* What the C files of the sandbox share. */
#ifndef CSB_INTERNAL_H
#define CSB_INTERNAL_H
#include "csandbox.h"

/* Where a worker finds its channels; below them is the null device, above them nothing. */
#define CSB_CHANNEL 3
#define CSB_CONTROL 4

/* csb_spawn.c */
int csb_spawn(const char *program, csb_worker *worker);
/* csb_landlock.c: NULL, or what is missing. */
const char *csb_enter_landlock(int *version);
/* csb_seccomp.c: NULL, or what is missing. */
const char *csb_enter_seccomp(void);
#endif
