// SPDX-License-Identifier: Apache-2.0
/* Where the worker's program is: beside the running program, or beside the library that this code is part of. */
#define _GNU_SOURCE
#include "csandbox.h"
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool beside(const char *image, const char *name, char *place, size_t capacity) {
    const char *end = strrchr(image, '/');
    if (image[0] != '/' || !end) return false;
    int count = snprintf(place, capacity, "%.*s/%s", (int)(end - image), image, name);
    return count > 0 && (size_t)count < capacity && access(place, X_OK) == 0;
}

bool csb_find_program(const char *name, char *place, size_t capacity) {
    char program[PATH_MAX] = {0};
    Dl_info image;
    if (dladdr((const void *)csb_find_program, &image) != 0 && image.dli_fname
        && beside(image.dli_fname, name, place, capacity)) {
        return true;
    }
    ssize_t count = readlink("/proc/self/exe", program, sizeof program - 1);
    if (count <= 0) return false;
    return beside(program, name, place, capacity);
}

const char *csb_error_text(int error) { return strerror(error); }
bool csb_error_is_missing(int error) { return error == ENOENT || error == ENOTDIR; }
