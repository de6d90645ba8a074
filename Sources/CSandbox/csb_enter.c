// SPDX-License-Identifier: Apache-2.0
/* The worker's way behind its walls. */
#ifdef __linux__
#define _GNU_SOURCE
#include "csb_internal.h"
#include <fcntl.h>
#include <linux/capability.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static void (*listener)(uint64_t word, uint64_t subject);

/* Hears the host while the main thread computes, and ends the process with it. Allocates nothing. */
static void *listen_to_host(void *unused) {
    uint64_t record[2];
    for (;;) {
        ssize_t count = read(CSB_CONTROL, record, sizeof record);
        if (count == (ssize_t)sizeof record) listener(record[0], record[1]);
        else if (count >= 0) _exit(0);
    }
    return unused;
}

static bool start_listening(void) {
    pthread_attr_t attributes;
    pthread_t thread;
    sigset_t all, before;
    if (pthread_attr_init(&attributes) != 0) return false;
    pthread_attr_setstacksize(&attributes, 128 << 10);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); /* what stops a script is meant for the main thread */
    bool started = pthread_create(&thread, &attributes, listen_to_host, NULL) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    return started;
}

static bool give_up_capabilities(void) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct none[2] = {{0}};
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    return syscall(SYS_capset, &header, none) == 0;
}

static bool limit(int resource, rlim_t most) {
    struct rlimit both = {most, most};
    return setrlimit((__rlimit_resource_t)resource, &both) == 0;
}

static uint64_t mapped_bytes(void) {
    char text[64] = {0};
    int file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    if (file < 0) return 0;
    ssize_t count = read(file, text, sizeof text - 1);
    close(file);
    return count > 0 ? strtoull(text, NULL, 10) * (uint64_t)sysconf(_SC_PAGESIZE) : 0;
}

const char *csb_enter(int host, void (*told)(uint64_t, uint64_t), csb_walls *walls) {
    *walls = (csb_walls){0};
    listener = told;
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) return "the worker cannot be bound to the life of its host";
    if (getppid() != host) _exit(0); /* the host ended before that */
    /* One arena: each further one would reserve 64 MB of the address space. */
    mallopt(M_ARENA_MAX, 1);
    tzset(); /* the zone's file is out of reach later */
    walls->address_space = mapped_bytes();
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 || !limit(RLIMIT_CORE, 0) || !limit(RLIMIT_FSIZE, 0)) {
        return "core files cannot be switched off";
    }
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return "this kernel has no no_new_privs";
    if (!give_up_capabilities()) return "capabilities cannot be given up";
    const char *missing = csb_enter_landlock(&walls->landlock);
    if (missing) return missing;
    return start_listening() ? NULL : "the worker cannot start a thread";
}

const char *csb_seal(void) {
    if (!limit(RLIMIT_NOFILE, CSB_CONTROL + 1) || !limit(RLIMIT_NPROC, 0)) {
        return "descriptors and processes cannot be limited";
    }
    return csb_enter_seccomp();
}
#endif
