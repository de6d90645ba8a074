/* SPDX-License-Identifier: Apache-2.0 */
/* openat2(2) for Swift, which cannot call syscall(2): its arguments are variadic. */
#define _GNU_SOURCE
#include "open_beneath.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/syscall.h>
#include <sys/vfs.h>

const int cob_path_flag = O_PATH;

int64_t cob_file_system(int file) {
  struct statfs info;
  return fstatfs(file, &info) == 0 ? (int64_t)(uint32_t)info.f_type : -1;
}

/* linux/openat2.h, spelled out: it is missing from the headers of older systems, whose kernels may be newer. */
struct cob_how {
  uint64_t flags;
  uint64_t mode;
  uint64_t resolve;
};

enum { COB_RESOLVE_NO_MAGICLINKS = 0x02, COB_RESOLVE_NO_SYMLINKS = 0x04, COB_RESOLVE_BENEATH = 0x08 };

#ifndef SYS_openat2
#define SYS_openat2 437
#endif

/* The kernel gives up when something is renamed while it resolves "..". */
enum { COB_ATTEMPTS = 32 };

int cob_open(int folder, const char *path, int flags, unsigned mode, uint32_t rules) {
  struct cob_how how = {.flags = (uint64_t)(unsigned)flags, .resolve = COB_RESOLVE_NO_MAGICLINKS};
  if (flags & O_CREAT) how.mode = mode;
  if (rules & COB_BENEATH) how.resolve |= COB_RESOLVE_BENEATH;
  if (rules & COB_NO_LINKS) how.resolve |= COB_RESOLVE_NO_SYMLINKS;
  for (int attempt = 0;; attempt++) {
    long result = syscall(SYS_openat2, folder, path, &how, sizeof how);
    if (result >= 0) return (int)result;
    if (errno == EINTR) continue;
    if (errno != EAGAIN || attempt >= COB_ATTEMPTS) return -errno;
  }
}

#else

const int cob_path_flag = 0;

int64_t cob_file_system(int file) {
  (void)file;
  return -1;
}

int cob_open(int folder, const char *path, int flags, unsigned mode, uint32_t rules) {
  (void)folder, (void)path, (void)flags, (void)mode, (void)rules;
  return -ENOSYS;
}

#endif
