// SPDX-License-Identifier: Apache-2.0
/* Starting and ending one worker. */
#ifdef __linux__
#define _GNU_SOURCE
#include "csb_internal.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

uint64_t csb_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* A connected pair: the host's end does not block, the worker's end is out of the way of the numbers it will get. */
static int make_pair(int type, int pair[2]) {
    if (socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, pair) != 0) return errno;
    int moved = fcntl(pair[1], F_DUPFD_CLOEXEC, CSB_CONTROL + 1);
    int error = moved < 0 || fcntl(pair[0], F_SETFL, O_NONBLOCK) != 0 ? errno : 0;
    close(pair[1]);
    pair[1] = moved;
    if (!error) return 0;
    close(pair[0]);
    if (moved >= 0) close(moved);
    return error;
}

static int prepare(posix_spawn_file_actions_t *files, posix_spawnattr_t *attributes, int channel, int control) {
    sigset_t all, none;
    sigfillset(&all);
    sigemptyset(&none);
    int error = 0;
    for (int stream = 0; stream <= 2 && !error; stream++) {
        error = posix_spawn_file_actions_addopen(files, stream, "/dev/null", O_RDWR, 0);
    }
    if (!error) error = posix_spawn_file_actions_adddup2(files, channel, CSB_CHANNEL);
    if (!error) error = posix_spawn_file_actions_adddup2(files, control, CSB_CONTROL);
    if (!error) error = posix_spawn_file_actions_addclosefrom_np(files, CSB_CONTROL + 1);
    /* A group of its own: an interrupt from the terminal is for the host, which then ends its workers in order. */
    short flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP;
    if (!error) error = posix_spawnattr_setflags(attributes, flags);
    if (!error) error = posix_spawnattr_setsigdefault(attributes, &all);
    if (!error) error = posix_spawnattr_setsigmask(attributes, &none);
    if (!error) error = posix_spawnattr_setpgroup(attributes, 0);
    return error;
}

/* The environment is empty but for the time zone, which dates depend on, and a Swift runtime that crashes silently. */
static int start(const char *program, int channel, int control, int *pid) {
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    char host[16], zone[256] = "TZ=:/etc/localtime";
    const char *set = getenv("TZ");
    if (set && *set) snprintf(zone, sizeof zone, "TZ=%s", set);
    snprintf(host, sizeof host, "%d", (int)getpid());
    char *arguments[] = {(char *)program, host, NULL};
    char *environment[] = {zone, "SWIFT_BACKTRACE=enable=no", NULL};
    int error = posix_spawn_file_actions_init(&files);
    if (error) return error;
    error = posix_spawnattr_init(&attributes);
    if (!error) {
        error = prepare(&files, &attributes, channel, control);
        if (!error) error = posix_spawn(pid, program, &files, &attributes, arguments, environment);
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&files);
    return error;
}

/* To be called by the one thread that lives as long as the process: a worker dies with the thread that made it. */
int csb_spawn(const char *program, csb_worker *worker) {
    int channel[2], control[2];
    int error = make_pair(SOCK_STREAM, channel);
    if (error) return error;
    error = make_pair(SOCK_SEQPACKET, control);
    if (error) {
        close(channel[0]);
        close(channel[1]);
        return error;
    }
    int wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    error = wake < 0 ? errno : start(program, channel[1], control[1], &worker->pid);
    close(channel[1]);
    close(control[1]);
    worker->channel = channel[0];
    worker->control = control[0];
    worker->wake = wake;
    if (!error) return 0;
    close(channel[0]);
    close(control[0]);
    if (wake >= 0) close(wake);
    return error;
}

int csb_worker_fate(csb_worker worker) {
    for (int tries = 0; tries < 50; tries++) {
        siginfo_t info = {0};
        if (waitid(P_PID, (id_t)worker.pid, &info, WEXITED | WNOHANG | WNOWAIT) != 0) return -1;
        if (info.si_pid == worker.pid) {
            return info.si_code == CLD_EXITED ? W_EXITCODE(info.si_status, 0) : W_EXITCODE(0, info.si_status);
        }
        poll(NULL, 0, 1);
    }
    return -1;
}

/* Moves the soft limit, and with `hard` the hard one too, never above what the machine's owner has set. */
static int set_limit(int pid, __rlimit_resource_t resource, uint64_t most, bool hard) {
    struct rlimit limit;
    if (prlimit(pid, resource, NULL, &limit) != 0) return errno;
    rlim_t wanted = most == CSB_NEVER ? RLIM_INFINITY : (rlim_t)most;
    limit.rlim_cur = wanted < limit.rlim_max ? wanted : limit.rlim_max;
    if (hard) limit.rlim_max = limit.rlim_cur;
    return prlimit(pid, resource, &limit, NULL) == 0 ? 0 : errno;
}

int csb_worker_limit(csb_worker worker, uint64_t address_space, uint64_t cpu_seconds) {
    int error = set_limit(worker.pid, RLIMIT_AS, address_space, true);
    /* The soft limit ends the process as well (SIGXCPU), and can be moved as calls go on. */
    return error ? error : set_limit(worker.pid, RLIMIT_CPU, cpu_seconds, false);
}

uint64_t csb_worker_cpu(csb_worker worker) {
    clockid_t clock;
    struct timespec used;
    if (clock_getcpuclockid(worker.pid, &clock) != 0 || clock_gettime(clock, &used) != 0) return 0;
    return (uint64_t)used.tv_sec * 1000000000u + (uint64_t)used.tv_nsec;
}
#endif
