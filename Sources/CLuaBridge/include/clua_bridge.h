// SPDX-License-Identifier: Apache-2.0
/* What Swift sees of Lua: opaque states and calls, enums, and counted bytes. No Lua type crosses this header.
** A call runs until it finishes, fails, asks the host or has output to take away. Only the functions of clb_json are
** called back, from below Lua: they compute, return normally and call nothing here. */
#ifndef CLUA_BRIDGE_H
#define CLUA_BRIDGE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __clang__
#pragma clang assume_nonnull begin
#else
#define _Nullable
#endif

/* One Lua state. All functions must be called by one thread at a time, except clb_state_cancel and clb_call_cancel. */
typedef struct clb_state clb_state;
/* One call in flight on a state: a coroutine of its own. */
typedef struct clb_call clb_call;

/* Bytes that the receiver only borrows: until the next function on the same call (results) or until the function
** returns (arguments). */
typedef struct clb_bytes {
    const uint8_t *_Nullable base;
    size_t count;
} clb_bytes;

typedef struct clb_limits {
    size_t memory;         /* bytes the Lua allocator may hold at once; 0: no limit */
    uint64_t compute_ns;   /* CPU time one call may spend inside Lua; 0: no limit */
    int64_t instructions;  /* VM instructions of one call, counted in steps of 1000; 0: no limit */
    size_t output_bytes;   /* one call may print; 0: no limit */
    size_t source_bytes;   /* of a chunk; 0: no limit */
    size_t message_bytes;  /* size of what one request takes out of Lua */
    size_t result_bytes;   /* size of what a call returns */
    uint32_t message_values;
    bool call_limit_ends_state; /* a call stopped by its time or instruction limit takes the state with it */
} clb_limits;

typedef enum clb_status {
    CLB_DONE = 0,     /* the call returned; its values are in `message` */
    CLB_REQUEST = 1,  /* the call waits for an answer to `operation` with the arguments in `message` */
    CLB_OUTPUT = 2,   /* print filled its buffer: take the output, then clb_call_resume */
    CLB_FAILED = 3,   /* the call is over; `code`, `message` (text) and `traceback` say why */
} clb_status;

typedef enum clb_code {
    CLB_CODE_NONE = 0,
    CLB_CODE_SYNTAX,
    CLB_CODE_RUNTIME,
    CLB_CODE_MEMORY,
    CLB_CODE_TIMEOUT,
    CLB_CODE_CANCELLED,
    CLB_CODE_INSTRUCTIONS,
    CLB_CODE_CLOSED,
    CLB_CODE_CONVERSION,
    CLB_CODE_OUTPUT,
} clb_code;

typedef struct clb_step {
    clb_status status;
    clb_code code;
    clb_bytes message;
    size_t values;        /* how many values `message` holds when it is not text */
    clb_bytes operation;
    clb_bytes position;   /* "file:line" of the script's code that asked; may be empty */
    clb_bytes traceback;
} clb_step;

/* The tags of a message: each value is one tag byte and what the comment says, numbers in the machine's byte order. */
typedef enum clb_tag {
    CLB_TAG_NIL = 0,
    CLB_TAG_FALSE = 1,
    CLB_TAG_TRUE = 2,
    CLB_TAG_NULL = 3,    /* the null of JSON; inside Lua the light userdata `null` */
    CLB_TAG_INTEGER = 4, /* int64 */
    CLB_TAG_NUMBER = 5,  /* double, finite */
    CLB_TAG_STRING = 6,  /* uint32 count, bytes */
    CLB_TAG_LIST = 7,    /* uint32 count, values */
    CLB_TAG_OBJECT = 8,  /* uint32 count, then (uint32 count, bytes, value) in ascending order of the key's bytes */
} clb_tag;

/* How deep lists and objects may be nested in a message. */
#define CLB_MESSAGE_DEPTH 100

/* One value, or one member name, of a JSON document laid out flat; the host's own layout, so that nothing is copied. */
typedef struct clb_slot {
    uint64_t tag;     /* the clb_kind in the low 8 bits; in the others bytes of a string, elements or members */
    uint64_t payload; /* an integer's or a double's bits; where a string begins in the text; slots of a container */
} clb_slot;

typedef enum clb_kind {
    CLB_KIND_NULL = 0,
    CLB_KIND_FALSE = 1,
    CLB_KIND_TRUE = 2,
    CLB_KIND_INTEGER = 3,
    CLB_KIND_NUMBER = 4,
    CLB_KIND_STRING = 5,
    CLB_KIND_ARRAY = 6,  /* its elements follow */
    CLB_KIND_OBJECT = 7, /* name, value, name, value, ... follow */
} clb_kind;

typedef struct clb_document {
    const clb_slot *_Nullable slots;
    const uint8_t *_Nullable text;
} clb_document;

/* Bytes that clb_json.number writes at most. */
#define CLB_NUMBER_MOST 32

/* What the host knows about JSON. */
typedef struct clb_json {
    void *_Nullable host; /* outlives the state */
    /* Reads `text`, of at most `values` values and CLB_MESSAGE_DEPTH levels. What it sets, the document or with false
    ** the reason, stays as it is until `read` or `trim` is called again. */
    bool (*read)(void *_Nullable host, clb_bytes text, size_t values, clb_document *document, clb_bytes *failure);
    /* Writes a finite double and returns how many bytes that took. */
    size_t (*number)(double value, uint8_t *place);
    /* Gives back memory that a large document took. */
    void (*trim)(void *_Nullable host);
} clb_json;

/* Opens a state without modules; the memory limit is not in force before clb_state_seal. NULL: no memory.
** A state that could not be prepared is returned with the reason in `failure`; it can only be closed. */
clb_state *_Nullable clb_state_open(const clb_limits *limits, const clb_json *json, clb_bytes *failure);
/* Runs trusted source as module `name`: it gets the host function and the bridge table as arguments and returns the
** module's table and, if it likes, a table of entries. CLB_CODE_NONE or the reason in `failure`. */
clb_code clb_state_load_module(clb_state *state, clb_bytes name, clb_bytes source, clb_bytes *failure);
/* Puts the memory limit in force. */
clb_code clb_state_seal(clb_state *state, clb_bytes *failure);
/* Frees the state and all of its calls. */
void clb_state_close(clb_state *state);
/* Any thread: stops whatever runs on the state, for good. */
void clb_state_cancel(clb_state *state);
/* Why the state takes no more calls, or CLB_CODE_NONE. */
clb_code clb_state_stopped(const clb_state *state);
size_t clb_state_memory(const clb_state *state);
size_t clb_state_memory_peak(const clb_state *state);
size_t clb_state_calls(const clb_state *state);
void clb_state_collect(clb_state *state);
/* The output of print since clb_state_clear_output. */
clb_bytes clb_state_output(const clb_state *state);
void clb_state_clear_output(clb_state *state);

/* Makes a call; NULL when the state is stopped or memory is short (clb_state_stopped tells).
** `remaining_ns`: time until the call's deadline; negative: none. */
clb_call *_Nullable clb_call_open(clb_state *state, int64_t remaining_ns);
/* Compiles and runs a text chunk; `arguments` is a message of strings: the chunk's name, which becomes arg[0], then
** the arguments, which become arg[1], ... and the chunk's `...`. */
void clb_call_run(clb_call *call, clb_bytes source, clb_bytes name, clb_bytes arguments, clb_step *step);
/* Calls the entry of a module. */
void clb_call_entry(clb_call *call, clb_bytes name, clb_bytes arguments, clb_step *step);
/* Answers a CLB_REQUEST with values. */
void clb_call_answer(clb_call *call, clb_bytes values, clb_step *step);
/* Answers a CLB_REQUEST with an error, raised where the script asked. */
void clb_call_raise(clb_call *call, clb_bytes text, clb_step *step);
/* Goes on after CLB_OUTPUT. */
void clb_call_resume(clb_call *call, clb_step *step);
/* Any thread, before clb_call_close: stops this call. */
void clb_call_cancel(clb_call *call);
/* Ends the call in whatever state it is. A waiting call's to-be-closed variables are closed, for 0.1 s at most. */
void clb_call_close(clb_call *call);

#ifdef __clang__
#pragma clang assume_nonnull end
#endif
#endif
