// SPDX-License-Identifier: Apache-2.0
/* Processes behind walls: how a host starts, speaks to and ends a worker, and how a worker walls itself in before it
** touches anything it was sent. Linux only; elsewhere every start fails with ENOSYS. */
#ifndef CSANDBOX_H
#define CSANDBOX_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __clang__
#pragma clang assume_nonnull begin
#else
#define _Nullable
#endif

/* Nanoseconds of the monotonic clock. */
uint64_t csb_now(void);
/* As a point in time: never. */
#define CSB_NEVER UINT64_MAX

/* What an errno means, as text that lives on. */
const char *csb_error_text(int error);
/* Whether an errno says that there is no such program. */
bool csb_error_is_missing(int error);

/* ---- The host's side ---- */

/* A running worker as its host holds it. */
typedef struct csb_worker {
    int pid;
    int channel; /* frames both ways */
    int control; /* from the host alone: what must arrive while the worker computes */
    int wake;    /* wakes the host's thread that waits for the worker */
} csb_worker;

/* Writes the path of the program `name` that is beside this one; false, and where it was expected, when it is missing. */
bool csb_find_program(const char *name, char *place, size_t capacity);

/* Workers of one program that are ready before they are needed. */
typedef struct csb_pool csb_pool;

/* Makes a pool that keeps `warm` workers ready from the first csb_pool_take on; NULL: no memory. */
csb_pool *_Nullable csb_pool_make(const char *program, unsigned warm);
/* Takes a ready worker, or starts one. Any thread. 0, or an errno. */
int csb_pool_take(csb_pool *pool, csb_worker *worker);
/* Ends the workers that nobody took, and the pool. */
void csb_pool_free(csb_pool *pool);

/* Kills the worker and closes what leads to it. The process is collected on another thread. */
void csb_worker_end(csb_worker worker);
/* How a worker ended whose channel is closed: the status of waitpid, or -1 when it lives still. Waits 50 ms at most. */
int csb_worker_fate(csb_worker worker);
/* Sets the hard limits of address space (bytes) and processor time (seconds); CSB_NEVER: no limit. 0, or an errno. */
int csb_worker_limit(csb_worker worker, uint64_t address_space, uint64_t cpu_seconds);
/* Processor time the worker has had, in nanoseconds; 0 when it is gone. */
uint64_t csb_worker_cpu(csb_worker worker);
/* Any thread, as long as the worker is not ended: sends a word about `subject` on the control channel and wakes the
** thread that waits for the worker. */
void csb_worker_tell(csb_worker worker, uint64_t word, uint64_t subject);

typedef enum csb_outcome {
    CSB_DONE = 0,
    CSB_LATE = 1,  /* `until` came first */
    CSB_WOKEN = 2, /* csb_worker_tell was called */
    CSB_ENDED = 3, /* the other side is gone */
} csb_outcome;

/* Sends all bytes, or as many as the worker takes until then. */
csb_outcome csb_worker_send(csb_worker worker, const uint8_t *bytes, size_t count, uint64_t until);
/* Waits for bytes and takes those that are there. */
csb_outcome csb_worker_receive(
    csb_worker worker, uint8_t *place, size_t capacity, size_t *count, uint64_t until);

/* ---- The worker's side ---- */

/* What stands between a worker and the machine. */
typedef struct csb_walls {
    uint64_t address_space; /* bytes mapped before anything was sent */
    int landlock;           /* version of the kernel's Landlock interface */
} csb_walls;

/* First thing in a worker: dies with its host, gives up capabilities, cores and files, and enters Landlock. `told` is
** called on a thread of its own for each csb_worker_tell. NULL, or what is missing on this machine. */
const char *_Nullable csb_enter(int host, void (*told)(uint64_t word, uint64_t subject), csb_walls *walls);
/* Second, when all threads run that the worker needs: no new descriptor, process or system call beyond a short list,
** for all threads. NULL, or what is missing on this machine. */
const char *_Nullable csb_seal(void);
/* Blocks until bytes are there; 0 when the host is gone. */
size_t csb_read(uint8_t *place, size_t capacity);
/* Writes all bytes; false when the host is gone. */
bool csb_write(const uint8_t *bytes, size_t count);

/* Tries what a sealed worker must not be able to do, and a little that it must. */
typedef struct csb_probe {
    const char *_Nullable name; /* NULL behind the last one */
    int error;        /* the errno; 0: it worked */
    bool allowed;     /* whether it should work */
} csb_probe;
const csb_probe *csb_probe_walls(void);

#ifdef __clang__
#pragma clang assume_nonnull end
#endif
#endif
