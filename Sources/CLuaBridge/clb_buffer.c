// SPDX-License-Identifier: Apache-2.0
/* Growable bytes outside of Lua's allocator. Nothing here raises: false means no memory. */
#include "clb_internal.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool clb_buffer_reserve(clb_buffer *buffer, size_t more) {
    if (more <= buffer->capacity - buffer->count) return true;
    if (more > SIZE_MAX / 2 - buffer->count) return false;
    size_t capacity = buffer->capacity ? buffer->capacity : 256;
    while (capacity < buffer->count + more) capacity *= 2;
    uint8_t *base = realloc(buffer->base, capacity);
    if (!base) return false;
    buffer->base = base;
    buffer->capacity = capacity;
    return true;
}

bool clb_buffer_append(clb_buffer *buffer, const void *bytes, size_t count) {
    if (!clb_buffer_reserve(buffer, count)) return false;
    if (count) memcpy(buffer->base + buffer->count, bytes, count);
    buffer->count += count;
    return true;
}

bool clb_buffer_print(clb_buffer *buffer, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int count = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (count < 0 || !clb_buffer_reserve(buffer, (size_t)count + 1)) return false;
    va_start(arguments, format);
    vsnprintf((char *)buffer->base + buffer->count, (size_t)count + 1, format, arguments);
    va_end(arguments);
    buffer->count += (size_t)count;
    return true;
}

void clb_buffer_free(clb_buffer *buffer) {
    free(buffer->base);
    *buffer = (clb_buffer){0};
}

void clb_buffer_trim(clb_buffer *buffer) {
    if (buffer->capacity > CLB_BUFFER_KEPT) clb_buffer_free(buffer);
    buffer->count = 0;
}
