// SPDX-License-Identifier: Apache-2.0
/* The one thread that starts and collects workers, and the pools it keeps filled. */
#ifdef __linux__
#define _GNU_SOURCE
#include "csb_internal.h"
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define WARM_MOST 16

struct csb_pool {
    char *program;
    unsigned warm, count;
    bool filling, abandoned;
    csb_worker workers[WARM_MOST];
};

/* What the thread is asked to do; exactly one of `pool`, `program` and `pid` is set. */
typedef struct job {
    struct job *next;
    csb_pool *pool;      /* to fill; the job is freed by the thread */
    const char *program; /* to start; the job is on the stack of who waits */
    csb_worker *worker;
    int pid;             /* to collect; the job is freed by the thread */
    int error;
    bool done;
} job;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t work = PTHREAD_COND_INITIALIZER, finished = PTHREAD_COND_INITIALIZER;
static job *first, **last = &first;
static bool running;

static void release(csb_pool *pool) {
    for (unsigned i = 0; i < pool->count; i++) csb_worker_end(pool->workers[i]);
    free(pool->program);
    free(pool);
}

/* With the lock held, which is let go while a worker starts. */
static void fill(csb_pool *pool) {
    int error = 0;
    while (!error && !pool->abandoned && pool->count < pool->warm) {
        csb_worker worker;
        pthread_mutex_unlock(&lock);
        error = csb_spawn(pool->program, &worker);
        pthread_mutex_lock(&lock);
        if (!error) pool->workers[pool->count++] = worker;
    }
    pool->filling = false;
    if (!pool->abandoned) return;
    pthread_mutex_unlock(&lock);
    release(pool);
    pthread_mutex_lock(&lock);
}

static void perform(job *next) {
    if (next->pool) {
        fill(next->pool);
        free(next);
        return;
    }
    pthread_mutex_unlock(&lock);
    if (next->program) next->error = csb_spawn(next->program, next->worker);
    else while (waitpid(next->pid, NULL, 0) < 0 && errno == EINTR) {}
    bool collected = !next->program;
    pthread_mutex_lock(&lock);
    next->done = true;
    if (collected) free(next);
    else pthread_cond_broadcast(&finished);
}

/* Never returns: workers die with the thread that made them (PR_SET_PDEATHSIG). */
static void *serve(void *unused) {
    pthread_mutex_lock(&lock);
    for (;;) {
        while (!first) pthread_cond_wait(&work, &lock);
        job *next = first;
        first = next->next;
        if (!first) last = &first;
        perform(next);
    }
    return unused;
}

/* With the lock held. */
static int start_serving(void) {
    if (running) return 0;
    sigset_t all, before;
    pthread_t thread;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); /* signals are for the host's own threads */
    int error = pthread_create(&thread, NULL, serve, NULL);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (error) return error;
    pthread_detach(thread);
    running = true;
    return 0;
}

/* With the lock held. */
static void enqueue(job *next) {
    next->next = NULL;
    *last = next;
    last = &next->next;
    pthread_cond_signal(&work);
}

/* With the lock held. */
static void refill(csb_pool *pool) {
    if (pool->filling || pool->count >= pool->warm) return;
    job *next = calloc(1, sizeof *next);
    if (!next) return; /* the next worker is started when it is needed */
    next->pool = pool;
    pool->filling = true;
    enqueue(next);
}

csb_pool *csb_pool_make(const char *program, unsigned warm) {
    csb_pool *pool = calloc(1, sizeof *pool);
    if (!pool) return NULL;
    pool->program = strdup(program);
    pool->warm = warm < WARM_MOST ? warm : WARM_MOST;
    if (pool->program) return pool;
    free(pool);
    return NULL;
}

int csb_pool_take(csb_pool *pool, csb_worker *worker) {
    pthread_mutex_lock(&lock);
    int error = start_serving();
    if (!error && pool->count > 0) {
        *worker = pool->workers[0];
        pool->count--;
        memmove(pool->workers, pool->workers + 1, pool->count * sizeof *worker);
    } else if (!error) {
        job next = {.program = pool->program, .worker = worker};
        enqueue(&next);
        while (!next.done) pthread_cond_wait(&finished, &lock);
        error = next.error;
    }
    if (!error) refill(pool);
    pthread_mutex_unlock(&lock);
    return error;
}

void csb_pool_free(csb_pool *pool) {
    pthread_mutex_lock(&lock);
    bool busy = pool->filling;
    pool->abandoned = true;
    pthread_mutex_unlock(&lock);
    if (!busy) release(pool);
}

void csb_worker_end(csb_worker worker) {
    kill(worker.pid, SIGKILL);
    close(worker.channel);
    close(worker.control);
    close(worker.wake);
    job *next = calloc(1, sizeof *next);
    if (!next) { /* collected here instead; it is dead in a moment */
        waitpid(worker.pid, NULL, 0);
        return;
    }
    next->pid = worker.pid;
    pthread_mutex_lock(&lock);
    enqueue(next);
    pthread_mutex_unlock(&lock);
}
#endif
