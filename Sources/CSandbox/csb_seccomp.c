// SPDX-License-Identifier: Apache-2.0
/* seccomp: the system calls that a sealed worker has. Everything else fails with EPERM; a call in the numbering of
** another architecture kills the process. */
#ifdef __linux__
#define _GNU_SOURCE
#include "csb_internal.h"
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

/* Memory, waiting, time, its own signals, and the end. No call here makes a descriptor, a process or a thread. */
static const int allowed[] = {
    SYS_read, SYS_munmap, SYS_mremap, SYS_brk, SYS_madvise, SYS_futex, SYS_sched_yield, SYS_restart_syscall,
    SYS_clock_gettime, SYS_clock_getres, SYS_clock_nanosleep, SYS_nanosleep, SYS_gettimeofday, SYS_getrandom,
    SYS_timer_create, SYS_timer_settime, SYS_timer_gettime, SYS_timer_getoverrun, SYS_timer_delete, SYS_setitimer,
    SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_rt_sigreturn, SYS_sigaltstack, SYS_getpid, SYS_gettid,
    SYS_exit, SYS_exit_group,
    /* The C library ends a process in which a thread that is just starting cannot make these two. */
    SYS_rseq, SYS_set_robust_list,
#ifdef SYS_time
    SYS_time,
#endif
};

#ifdef ARCHITECTURE

#define FIELD(name) ((uint32_t)offsetof(struct seccomp_data, name))
/* The low half of an argument; both architectures are little-endian. */
#define ARGUMENT(n) (FIELD(args) + 8u * (n))
#define ALLOW BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
#define REFUSE BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM)
#define KILL BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS)
#define LOAD(offset) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (offset))
#define IF(test, value, skip_if_true, skip_if_not) \
    BPF_JUMP(BPF_JMP | (test) | BPF_K, (uint32_t)(value), (skip_if_true), (skip_if_not))

#define MOST 128

typedef struct program {
    struct sock_filter code[MOST];
    unsigned short count;
} program;

static void add(program *p, struct sock_filter instruction) {
    if (p->count < MOST) p->code[p->count] = instruction;
    p->count++;
}

/* Allows a call when `value` is equal to, or has no bit in common with, the low half of an argument. */
static void add_checked(program *p, int call, unsigned argument, unsigned short test, uint32_t value) {
    bool equal = test == BPF_JEQ;
    add(p, (struct sock_filter)IF(BPF_JEQ, call, 0, 4));
    add(p, (struct sock_filter)LOAD(ARGUMENT(argument)));
    add(p, (struct sock_filter)IF(test, value, equal ? 0 : 1, equal ? 1 : 0));
    add(p, (struct sock_filter)ALLOW);
    add(p, (struct sock_filter)REFUSE);
}

static void compose(program *p) {
    add(p, (struct sock_filter)LOAD(FIELD(arch)));
    add(p, (struct sock_filter)IF(BPF_JEQ, ARCHITECTURE, 1, 0));
    add(p, (struct sock_filter)KILL);
    add(p, (struct sock_filter)LOAD(FIELD(nr)));
#ifdef __x86_64__
    add(p, (struct sock_filter)IF(BPF_JGE, 0x40000000u, 0, 1)); /* the x32 numbering */
    add(p, (struct sock_filter)KILL);
#endif
    for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++) {
        add(p, (struct sock_filter)IF(BPF_JEQ, allowed[i], 0, 1));
        add(p, (struct sock_filter)ALLOW);
    }
    add_checked(p, SYS_write, 0, BPF_JEQ, CSB_CHANNEL);
    add_checked(p, SYS_tgkill, 0, BPF_JEQ, (uint32_t)getpid());
    add_checked(p, SYS_mmap, 2, BPF_JSET, PROT_EXEC);
    add_checked(p, SYS_mprotect, 2, BPF_JSET, PROT_EXEC);
    add(p, (struct sock_filter)REFUSE);
}

const char *csb_enter_seccomp(void) {
    program p = {.count = 0};
    compose(&p);
    if (p.count > MOST) return "the list of allowed system calls is longer than its room";
    struct sock_fprog filter = {.len = p.count, .filter = p.code};
    long entered = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &filter);
    if (entered != 0) return "this kernel has no seccomp filters";
    int socket_made = socket(AF_UNIX, SOCK_STREAM, 0);
    if (socket_made < 0 && errno == EPERM) return NULL;
    return "seccomp was entered, but a socket can still be made";
}

#else

const char *csb_enter_seccomp(void) {
    (void)allowed;
    return "the list of allowed system calls is known for x86-64 and AArch64 only";
}

#endif
#endif
