// SPDX-License-Identifier: Apache-2.0
/* What a taken-over worker would try first, each with its errno; and a few things that must go on working. */
#ifdef __linux__
#define _GNU_SOURCE
#include "csb_internal.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static long open_file(void) { return open("/etc/passwd", O_RDONLY); }
static long open_process(void) { return open("/proc/self/mem", O_RDWR); }
static long create_file(void) { return open("/tmp/agent-worker-probe", O_CREAT | O_WRONLY, 0600); }
static long stat_file(void) {
    struct stat info;
    return stat("/etc/passwd", &info);
}
static long remove_file(void) { return unlink("/tmp/agent-worker-probe"); }
static long internet_socket(void) { return socket(AF_INET, SOCK_STREAM, 0); }
static long local_socket(void) { return socket(AF_UNIX, SOCK_STREAM, 0); }
static long netlink_socket(void) { return socket(AF_NETLINK, SOCK_RAW, 0); }
static long socket_pair(void) {
    int pair[2];
    return socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
}
static long make_pipe(void) {
    int ends[2];
    return pipe2(ends, 0);
}
static long copy_descriptor(void) { return dup(CSB_CHANNEL); }
static long fork_process(void) {
    long child = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
    if (child == 0) _exit(0);
    return child;
}
static long make_thread(void) { return syscall(SYS_clone3, NULL, 0); }
static long execute(void) {
    char *none[] = {NULL};
    return execve("/bin/true", none, none);
}
static long trace_host(void) { return ptrace(PTRACE_ATTACH, getppid(), 0, 0); }
static long read_host(void) {
    char byte;
    struct iovec here = {&byte, 1}, there = {(void *)fork_process, 1};
    return process_vm_readv(getppid(), &here, 1, &there, 1, 0);
}
static long signal_host(void) { return kill(getppid(), 0); }
static long signal_thread_of_host(void) { return syscall(SYS_tgkill, getppid(), getppid(), 0); }
static long outlive_host(void) { return prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0); }
static long raise_limit(void) {
    struct rlimit more = {RLIM_INFINITY, RLIM_INFINITY};
    return setrlimit(RLIMIT_AS, &more);
}
static long map_code(void) {
    void *place = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return place == MAP_FAILED ? -1 : 0;
}
static long protect_code(void) {
    void *place = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    long result = mprotect(place, 4096, PROT_READ | PROT_EXEC);
    int error = errno;
    munmap(place, 4096);
    errno = error;
    return result;
}
static long unshare_users(void) { return unshare(CLONE_NEWUSER); }
static long start_ring(void) { return syscall(SYS_io_uring_setup, 1, NULL); }
static long load_program(void) { return syscall(SYS_bpf, BPF_PROG_LOAD, NULL, 0); }
static long make_memory_file(void) { return memfd_create("probe", 0); }
static long handle_faults(void) { return syscall(SYS_userfaultfd, 0); }
static long add_key(void) { return syscall(SYS_add_key, "user", "probe", "x", 1, -2); }
static long write_elsewhere(void) { return write(1, "x", 1); }
static long send_descriptor(void) {
    struct msghdr message = {0};
    return sendmsg(CSB_CHANNEL, &message, 0);
}

static long map_memory(void) {
    void *place = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return place == MAP_FAILED ? -1 : munmap(place, 4096);
}
static long read_clock(void) {
    struct timespec now;
    return syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
}
static long signal_itself(void) { return syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), 0); }

static const struct attempt {
    const char *name;
    long (*act)(void);
    bool allowed;
} attempts[] = {
    {"open a file", open_file, false},
    {"open its own memory", open_process, false},
    {"create a file", create_file, false},
    {"look at a file", stat_file, false},
    {"remove a file", remove_file, false},
    {"make an internet socket", internet_socket, false},
    {"make a local socket", local_socket, false},
    {"make a netlink socket", netlink_socket, false},
    {"make a pair of sockets", socket_pair, false},
    {"make a pipe", make_pipe, false},
    {"copy a descriptor", copy_descriptor, false},
    {"fork", fork_process, false},
    {"start a thread", make_thread, false},
    {"execute a program", execute, false},
    {"trace the host", trace_host, false},
    {"read the host's memory", read_host, false},
    {"signal the host", signal_host, false},
    {"signal a thread of the host", signal_thread_of_host, false},
    {"outlive the host", outlive_host, false},
    {"raise its limits", raise_limit, false},
    {"map writable code", map_code, false},
    {"make memory executable", protect_code, false},
    {"make a namespace", unshare_users, false},
    {"start io_uring", start_ring, false},
    {"load a BPF program", load_program, false},
    {"make a memory file", make_memory_file, false},
    {"handle page faults", handle_faults, false},
    {"add a key", add_key, false},
    {"write to another descriptor", write_elsewhere, false},
    {"send a descriptor", send_descriptor, false},
    {"map memory", map_memory, true},
    {"read the clock", read_clock, true},
    {"signal itself", signal_itself, true},
};

#define COUNT (sizeof attempts / sizeof *attempts)

const csb_probe *csb_probe_walls(void) {
    static csb_probe results[COUNT + 1];
    for (size_t i = 0; i < COUNT; i++) {
        errno = 0;
        long result = attempts[i].act();
        results[i] = (csb_probe){attempts[i].name, result < 0 ? errno : 0, attempts[i].allowed};
    }
    return results;
}
#endif
