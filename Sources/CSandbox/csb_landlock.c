// SPDX-License-Identifier: Apache-2.0
/* Landlock: a ruleset without rules, so that no path can be opened and no TCP port reached, whatever user it is. */
#ifdef __linux__
#define _GNU_SOURCE
#include "csb_internal.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The kernel's own structure; the headers of older systems lack the last two fields. */
struct ruleset {
    uint64_t files, ports, scoped;
};

#define VERSION_QUESTION 1u /* LANDLOCK_CREATE_RULESET_VERSION */

/* What each version of the interface can refuse (Documentation/userspace-api/landlock.rst). */
static struct ruleset everything(int version, size_t *size) {
    int rights = version >= 5 ? 16 : version >= 3 ? 15 : version == 2 ? 14 : 13;
    struct ruleset all = {.files = (UINT64_C(1) << rights) - 1};
    *size = sizeof all.files;
    if (version >= 4) {
        all.ports = 3; /* bind, connect */
        *size = 2 * sizeof all.files;
    }
    if (version >= 6) {
        all.scoped = 3; /* abstract sockets, signals */
        *size = sizeof all;
    }
    return all;
}

const char *csb_enter_landlock(int *version) {
    *version = (int)syscall(SYS_landlock_create_ruleset, NULL, 0, VERSION_QUESTION);
    if (*version < 1) {
        *version = 0;
        return errno == EOPNOTSUPP ? "Landlock is switched off in this kernel (boot option lsm=)"
                                   : "this kernel has no Landlock (Linux 5.13 or newer)";
    }
    size_t size;
    struct ruleset all = everything(*version, &size);
    int ruleset = (int)syscall(SYS_landlock_create_ruleset, &all, size, 0);
    if (ruleset < 0) return "Landlock refuses a set of rules";
    long entered = syscall(SYS_landlock_restrict_self, ruleset, 0);
    close(ruleset);
    if (entered != 0) return "Landlock cannot be entered";
    /* The proof, while system calls still get through to it. */
    int file = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file < 0 && errno == EACCES) return NULL;
    if (file >= 0) close(file);
    return "Landlock was entered, but the root folder still opens";
}
#endif
