// SPDX-License-Identifier: Apache-2.0
/* Systems without these walls: every start fails, so that nothing runs unprotected that was to be isolated. */
#ifndef __linux__
#include "csandbox.h"
#include <errno.h>
#include <stdlib.h>
#include <time.h>

struct csb_pool {
    char unused;
};

uint64_t csb_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

csb_pool *csb_pool_make(const char *program, unsigned warm) {
    (void)program, (void)warm;
    return calloc(1, sizeof(csb_pool));
}
int csb_pool_take(csb_pool *pool, csb_worker *worker) {
    (void)pool, (void)worker;
    return ENOSYS;
}
void csb_pool_free(csb_pool *pool) { free(pool); }
void csb_worker_end(csb_worker worker) { (void)worker; }
int csb_worker_fate(csb_worker worker) {
    (void)worker;
    return -1;
}
int csb_worker_limit(csb_worker worker, uint64_t address_space, uint64_t cpu_seconds) {
    (void)worker, (void)address_space, (void)cpu_seconds;
    return ENOSYS;
}
uint64_t csb_worker_cpu(csb_worker worker) {
    (void)worker;
    return 0;
}
void csb_worker_tell(csb_worker worker, uint64_t word, uint64_t subject) {
    (void)worker, (void)word, (void)subject;
}
csb_outcome csb_worker_send(csb_worker worker, const uint8_t *bytes, size_t count, uint64_t until) {
    (void)worker, (void)bytes, (void)count, (void)until;
    return CSB_ENDED;
}
csb_outcome csb_worker_receive(
    csb_worker worker, uint8_t *place, size_t capacity, size_t *count, uint64_t until) {
    (void)worker, (void)place, (void)capacity, (void)until;
    *count = 0;
    return CSB_ENDED;
}
const char *csb_enter(int host, void (*told)(uint64_t, uint64_t), csb_walls *walls) {
    (void)host, (void)told, (void)walls;
    return "workers need Linux";
}
const char *csb_seal(void) { return "workers need Linux"; }
size_t csb_read(uint8_t *place, size_t capacity) {
    (void)place, (void)capacity;
    return 0;
}
bool csb_write(const uint8_t *bytes, size_t count) {
    (void)bytes, (void)count;
    return false;
}
const csb_probe *csb_probe_walls(void) {
    static const csb_probe none = {0};
    return &none;
}
#endif
