// SPDX-License-Identifier: Apache-2.0
/* The watchdog: one thread of the process that knows which states are computing, on which threads and until when. A
** script that is in time runs without any hook, at the full speed of Lua. When its time is up, or it is cancelled, the
** watchdog sends a signal to the very thread that computes; the handler installs the count hook on the coroutine that
** runs there, and the hook looks at the limits at the next instruction. Only that thread may call lua_sethook: it walks
** the list of activations, which Lua frees and extends. It is the one function that Lua lets a signal call. */
#include "clb_internal.h"
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <time.h>

/* Ignored by default and used for the same purpose by Go, for the same reasons: nobody minds one too many of it. */
#define SIGNAL SIGURG
/* A step that is over its time is told again after this long, until it has ended. */
#define AGAIN_NS 2000000u

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed;
static clb_watch *watched;          /* the steps in progress */
static uint64_t wakes_at = UINT64_MAX;
static bool runs;
static struct sigaction before;     /* whose signal it was before */
static _Thread_local clb_state *volatile stepping;

static void on_signal(int number, siginfo_t *info, void *context) {
    clb_state *s = stepping;
    if (s && s->running) clb_request_hook(s);
    if (before.sa_flags & SA_SIGINFO) {
        if (before.sa_sigaction) before.sa_sigaction(number, info, context);
    } else if (before.sa_handler != SIG_DFL && before.sa_handler != SIG_IGN) {
        before.sa_handler(number);
    }
}

/* Tells the steps that are due. Returns when the next one will be. */
static uint64_t tell_due(uint64_t now) {
    uint64_t next = UINT64_MAX;
    for (clb_watch *w = watched; w; w = w->next) {
        if (w->due <= now) {
            pthread_kill(w->thread, SIGNAL);
            w->due = now + AGAIN_NS;
        }
        if (w->due < next) next = w->due;
    }
    return next;
}

static void *watch(void *unused) {
    (void)unused;
    pthread_mutex_lock(&mutex);
    for (;;) {
        wakes_at = tell_due(clb_now());
        if (wakes_at == UINT64_MAX) {
            pthread_cond_wait(&changed, &mutex);
        } else {
            struct timespec until = {(time_t)(wakes_at / 1000000000u), (long)(wakes_at % 1000000000u)};
            pthread_cond_timedwait(&changed, &mutex, &until);
        }
    }
    return NULL;
}

/* The mutex is held. */
static bool start(void) {
    if (runs) return true;
    pthread_condattr_t clock;
    pthread_attr_t small;
    pthread_t thread;
    sigset_t all, old;
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = on_signal;
    action.sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK;
    if (sigaction(SIGNAL, &action, &before) != 0) return false;
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_cond_init(&changed, &clock);
    pthread_attr_init(&small);
    pthread_attr_setdetachstate(&small, PTHREAD_CREATE_DETACHED);
    sigfillset(&all); /* the signals of the process are for others */
    pthread_sigmask(SIG_SETMASK, &all, &old);
    runs = pthread_create(&thread, &small, watch, NULL) == 0;
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    pthread_attr_destroy(&small);
    pthread_condattr_destroy(&clock);
    return runs;
}

/* The threads of Dispatch, which Swift's tasks run on, block all signals. */
static void unblock_signal(void) {
    static _Thread_local bool done;
    if (done) return;
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGNAL);
    done = pthread_sigmask(SIG_UNBLOCK, &signals, NULL) == 0;
}

bool clb_watch_begin(clb_state *s, uint64_t due) {
    clb_watch *w = &s->watch;
    w->thread = pthread_self();
    w->due = due;
    stepping = s;
    unblock_signal();
    pthread_mutex_lock(&mutex);
    bool started = start();
    w->previous = NULL;
    w->next = watched;
    if (watched) watched->previous = w;
    watched = w;
    if (due < wakes_at) pthread_cond_signal(&changed);
    pthread_mutex_unlock(&mutex);
    return started;
}

void clb_watch_change(clb_state *s, uint64_t due) {
    pthread_mutex_lock(&mutex);
    s->watch.due = due;
    if (due < wakes_at) pthread_cond_signal(&changed);
    pthread_mutex_unlock(&mutex);
}

void clb_watch_end(clb_state *s) {
    clb_watch *w = &s->watch;
    pthread_mutex_lock(&mutex);
    if (w->previous) w->previous->next = w->next;
    else watched = w->next;
    if (w->next) w->next->previous = w->previous;
    pthread_mutex_unlock(&mutex);
    stepping = NULL;
}

void clb_watch_tell(const clb_state *s) {
    pthread_mutex_lock(&mutex);
    for (clb_watch *w = watched; w; w = w->next) {
        if (w != &s->watch) continue;
        w->due = 0;
        pthread_cond_signal(&changed);
    }
    pthread_mutex_unlock(&mutex);
}
