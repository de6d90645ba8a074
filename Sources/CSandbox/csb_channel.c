// SPDX-License-Identifier: Apache-2.0
/* Bytes between a host and its worker, seen from both sides. */
#ifdef __linux__
#define _GNU_SOURCE
#include "csb_internal.h"
#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* Waits until one of the descriptors is ready: how many are, 0 when `until` came first. */
static int wait_for(struct pollfd *descriptors, nfds_t count, uint64_t until) {
    for (;;) {
        struct timespec left = {0}, *most = NULL;
        if (until != CSB_NEVER) {
            uint64_t now = csb_now(), more = until > now ? until - now : 0;
            left = (struct timespec){(time_t)(more / 1000000000u), (long)(more % 1000000000u)};
            most = &left;
        }
        int ready = ppoll(descriptors, count, most, NULL);
        if (ready >= 0) return ready;
        if (errno != EINTR && errno != EAGAIN) return -1;
    }
}

csb_outcome csb_worker_send(csb_worker worker, const uint8_t *bytes, size_t count, uint64_t until) {
    while (count > 0) {
        ssize_t sent = send(worker.channel, bytes, count, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent >= 0) {
            bytes += sent;
            count -= (size_t)sent;
        } else if (errno == EAGAIN) {
            struct pollfd channel = {.fd = worker.channel, .events = POLLOUT};
            int ready = wait_for(&channel, 1, until);
            if (ready <= 0) return ready == 0 ? CSB_LATE : CSB_ENDED;
        } else if (errno != EINTR) {
            return CSB_ENDED;
        }
    }
    return CSB_DONE;
}

csb_outcome csb_worker_receive(
    csb_worker worker, uint8_t *place, size_t capacity, size_t *count, uint64_t until) {
    *count = 0;
    for (;;) {
        struct pollfd both[] = {
            {.fd = worker.channel, .events = POLLIN},
            {.fd = worker.wake, .events = POLLIN},
        };
        int ready = wait_for(both, 2, until);
        if (ready == 0) return CSB_LATE;
        if (ready < 0) return CSB_ENDED;
        if (both[0].revents) {
            ssize_t received = recv(worker.channel, place, capacity, MSG_DONTWAIT);
            if (received > 0) {
                *count = (size_t)received;
                return CSB_DONE;
            }
            if (received == 0 || (errno != EAGAIN && errno != EINTR)) return CSB_ENDED;
        } else {
            uint64_t told;
            if (read(worker.wake, &told, sizeof told) > 0) return CSB_WOKEN;
        }
    }
}

void csb_worker_tell(csb_worker worker, uint64_t word, uint64_t subject) {
    uint64_t record[2] = {word, subject}, one = 1;
    /* When the channel is full, enough has been said: the host kills a worker that does not listen. */
    (void)!send(worker.control, record, sizeof record, MSG_NOSIGNAL | MSG_DONTWAIT);
    (void)!write(worker.wake, &one, sizeof one);
}

size_t csb_read(uint8_t *place, size_t capacity) {
    for (;;) {
        ssize_t count = read(CSB_CHANNEL, place, capacity);
        if (count >= 0) return (size_t)count;
        if (errno != EINTR) return 0;
    }
}

bool csb_write(const uint8_t *bytes, size_t count) {
    while (count > 0) {
        ssize_t written = write(CSB_CHANNEL, bytes, count);
        if (written < 0 && errno != EINTR) return false;
        if (written > 0) {
            bytes += written;
            count -= (size_t)written;
        }
    }
    return true;
}
#endif
