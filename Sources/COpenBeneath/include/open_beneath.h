/* SPDX-License-Identifier: Apache-2.0 */
/* openat2(2), which glibc does not wrap: opens a path with rules for how it may be resolved. */
#ifndef OPEN_BENEATH_H
#define OPEN_BENEATH_H

#include <stdint.h>

/* The path must not lead out of the folder that it starts in (RESOLVE_BENEATH). */
#define COB_BENEATH 1u
/* No part of the path may be a symbolic link (RESOLVE_NO_SYMLINKS). */
#define COB_NO_LINKS 2u

/*
 * Opens `path` from the folder `folder`. Links of /proc that lead to open files are refused always (RESOLVE_NO_MAGICLINKS).
 * Returns a descriptor, or the negative number of an error: -ENOSYS where the system has no openat2.
 */
int cob_open(int folder, const char *path, int flags, unsigned mode, uint32_t rules);

/* O_PATH of this system. */
extern const int cob_path_flag;

/* The kind of the file system that `file` is on, as in linux/magic.h; -1 when that cannot be told. */
int64_t cob_file_system(int file);

#endif
