// SPDX-License-Identifier: Apache-2.0
/* What the C files of the bridge share. Rule of the house: everything that may raise runs inside lua_pcall or
** lua_resume, and no malloc'd memory is owned by a C frame that Lua may jump over; buffers belong to state or call. */
#ifndef CLB_INTERNAL_H
#define CLB_INTERNAL_H
#include "clua_bridge.h"
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>

/* The count hook's interval where instructions are counted. The cost does not depend on it: with a count mask every
** instruction is traced. */
#define CLB_HOOK_STEP 1000
/* print asks for its buffer to be taken away beyond this. */
#define CLB_OUTPUT_PAUSE ((size_t)64 << 10)
/* print fails beyond this where it cannot ask. */
#define CLB_OUTPUT_MOST ((size_t)16 << 20)
/* Finished calls kept for reuse. */
#define CLB_IDLE_MOST 16
/* Buffers larger than this are not kept between calls. */
#define CLB_BUFFER_KEPT ((size_t)64 << 10)
#define CLB_MEMBERS_KEPT 1024
/* C stack below a step at which no further coroutine is closed. Lua bounds its own nesting to 200 C calls, which need
** 431 KB at most, but starts counting anew in a coroutine that is being closed. */
#define CLB_STACK_MOST ((uintptr_t)512 << 10)

typedef struct clb_buffer {
    uint8_t *base;
    size_t count, capacity;
} clb_buffer;

/* One member of an object being written: where its bytes are in the message. */
typedef struct clb_member {
    size_t start, end, key_start, key_count;
} clb_member;

/* One member of an object whose text is being written: its name in Lua's memory and where it is on Lua's stack. */
typedef struct clb_name {
    uint64_t prefix; /* the first eight bytes, big-endian: decides most comparisons */
    const char *bytes;
    uint32_t count;
    int index;
} clb_name;

/* How a key is ordered among others: first by its kind. */
typedef enum clb_rank {
    CLB_RANK_POSITIVE, CLB_RANK_NUMBER, CLB_RANK_STRING, CLB_RANK_BOOLEAN, CLB_RANK_OTHER
} clb_rank;

typedef struct clb_key {
    clb_rank rank;
    lua_Integer integer; /* or whether a boolean is true; 0 of a number that is no integer */
    lua_Number number;
    const char *bytes; /* the key's own */
    size_t count;
} clb_key;

/* A table of up to this many keys is looked through whenever a loop begins. */
#define CLB_KEYS_FEW 32

/* Keys of a table in their order: a userdata whose user values are the keys, or a table of them when they are many. */
typedef struct clb_traversal {
    const void *last;   /* address of the key at `at`, when it has one */
    uint32_t at, count; /* keys that were returned, and all */
    bool wide;
    uint8_t few; /* how many of `found` there are; 0 when the keys are not all strings or are many */
    const void *found[CLB_KEYS_FEW]; /* the addresses of the keys as Lua has them */
} clb_traversal;

/* A list on which next goes forward: Lua gave 1...last first of all, in this order. */
typedef struct clb_advance {
    const void *table; /* NULL: none */
    lua_Integer last;
} clb_advance;

/* Traversals and lists that next remembers, for loops within loops. */
#define CLB_TRAVERSALS 8
#define CLB_ADVANCES 4

/* An object that was shown, and its number. */
typedef struct clb_identity {
    const void *block; /* as the allocator knows it; NULL: a free row */
    uint64_t number;
} clb_identity;

typedef struct clb_identities {
    clb_identity *rows;
    size_t capacity, count;
    uint64_t last; /* the number given last */
} clb_identities;

/* A state's entry with the watchdog, while it computes. */
typedef struct clb_watch {
    pthread_t thread;
    uint64_t due; /* when to look at the limits, by clb_now */
    struct clb_watch *next, *previous;
} clb_watch;

/* A module that is loaded when it is asked for. */
typedef struct clb_module {
    char name[32];
    clb_bytes code; /* the host's; NULL once it is loaded */
} clb_module;

struct clb_state {
    lua_State *L; /* for protected work between calls; no script runs on it */
    clb_limits limits;
    size_t used, peak;
    size_t memory_limit;  /* 0 until the state is sealed */
    size_t refused;       /* size of the allocation refused last, 0 when it was granted later */
    clb_code stopped;     /* sticky; owner's thread only */
    _Atomic bool cancelled;
    clb_call *current;    /* the call being stepped */
    lua_State *volatile running; /* the coroutine that computes, for the signal handler; NULL between steps */
    volatile sig_atomic_t hooked; /* a coroutine was given the hook, which has not run yet */
    clb_watch watch;
    clb_call *live, *idle;
    size_t live_count, idle_count;
    const void *list_mark; /* identity of the metatable that marks lists */
    ptrdiff_t steps;      /* of long C loops, until the limits are looked at again */
    clb_module *offered;
    size_t offered_count;
    clb_json json;
    clb_identities identities; /* see clb_identity.c */
    lua_CFunction format; /* the stock function behind ours */
    clb_traversal *traversals[CLB_TRAVERSALS]; /* held by the function next, which the registry holds */
    const void *traversed[CLB_TRAVERSALS]; /* whose keys they are; NULL when the loop has ended or the table was freed */
    clb_advance advances[CLB_ADVANCES];
    unsigned next_traversal, next_advance, recent; /* where to put the next; the traversal used last */
    size_t table_size;  /* of a table without its parts, as it is allocated */
    bool table_died;    /* one that a traversal was of */
    const void *looped; /* the table that pairs was called with last: what comes first is not all that is asked for */
    uintptr_t stack_base; /* C stack of the step's start */
    size_t early;         /* bytes above which garbage is collected more often */
    clb_buffer output, failure, spare, text;
    clb_member *members;
    size_t member_count, member_capacity;
    clb_name *names;
    size_t name_count, name_capacity;
};

typedef enum clb_asking { CLB_ASKS_NOTHING = 0, CLB_ASKS_HOST, CLB_ASKS_OUTPUT } clb_asking;

struct clb_call {
    clb_state *state;
    lua_State *co;
    clb_call *next, *previous;
    _Atomic bool cancelled;
    clb_code stopped;   /* sticky: this call must end */
    clb_code code;      /* what an error raised by the bridge itself means */
    clb_asking asking;  /* set while a yield travels outward, and while the call waits */
    bool started, suspended, broken;
    bool raises;        /* the answer is an error text */
    const char *refused_by; /* the C function that keeps the waiting coroutine from yielding */
    clb_bytes source, name, arguments, answer;
    uint64_t deadline;  /* by clb_now */
    uint64_t stop_at;   /* when to look at the limits of time: at the deadline, or when all computing time may be used */
    uint64_t step_start; /* by clb_now */
    uint64_t cpu_start; /* the thread's CPU time at the step's start, once `cpu_counts` */
    bool cpu_counts;
    uint64_t compute_left;
    size_t output_left; /* bytes it may still print */
    int64_t instructions_left;
    size_t values;
    clb_buffer message, operation, position, traceback;
};

/* Registry keys: the addresses of these. */
extern const char clb_key_list, clb_key_modules, clb_key_entries, clb_key_anchors;
/* The script's null is a light userdata with this address. */
extern const char clb_null;

/* Each coroutine's extra space holds the state's address and, in its low bits, these marks. */
#define CLB_MARK_WAITS ((uintptr_t)1) /* suspended because something inside it asked the host */
#define CLB_MARK_CALL ((uintptr_t)2)  /* the coroutine of a call: scripts may not resume it */

static inline uintptr_t *clb_extra(lua_State *L) { return (uintptr_t *)lua_getextraspace(L); }
static inline clb_state *clb_self(lua_State *L) { return (clb_state *)(*clb_extra(L) & ~(uintptr_t)3); }

static inline bool clb_stopped(const clb_state *s) {
    return s->stopped != CLB_CODE_NONE || (s->current != NULL && s->current->stopped != CLB_CODE_NONE);
}

void clb_look_at_limits(lua_State *L);
/* [-0, +0, v] Counts steps of a C loop as instructions, and looks at the limits every 10,000 or so. */
static inline void clb_spend(lua_State *L, clb_state *s, size_t steps) {
    if ((s->steps -= (ptrdiff_t)steps) < 0) clb_look_at_limits(L);
}

/* clb_buffer.c */
bool clb_buffer_reserve(clb_buffer *buffer, size_t more);
bool clb_buffer_append(clb_buffer *buffer, const void *bytes, size_t count);
bool clb_buffer_print(clb_buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));
void clb_buffer_free(clb_buffer *buffer);
void clb_buffer_trim(clb_buffer *buffer);
static inline clb_bytes clb_buffer_bytes(const clb_buffer *buffer) {
    return (clb_bytes){buffer->base, buffer->count};
}

/* clb_limits.c */
void *clb_allocate(void *state, void *block, size_t old_size, size_t new_size);
uint64_t clb_now(void);
uint64_t clb_cpu_now(void);
void clb_arm(lua_State *L);
void clb_request_hook(clb_state *s);
lua_State *clb_run_on(clb_state *s, lua_State *L);
bool clb_poll(clb_state *s, clb_call *call, int64_t instructions);
int clb_raise_stop(lua_State *L);
bool clb_begin_step(clb_call *call);
void clb_end_step(clb_call *call);

/* clb_watch.c */
bool clb_watch_begin(clb_state *s, uint64_t due);
void clb_watch_change(clb_state *s, uint64_t due);
void clb_watch_end(clb_state *s);
void clb_watch_tell(const clb_state *s);

/* clb_position.c */
bool clb_where(lua_State *L, clb_buffer *out);
void clb_push_where(lua_State *L);
int clb_error(lua_State *L, const char *format, ...);
void clb_traceback(lua_State *L, clb_buffer *out);

/* clb_blockers.c */
void clb_note_blockers(lua_State *L);
const char *clb_blocker(lua_State *L);

/* clb_members.c */
int clb_compare_keys(const uint8_t *base, const clb_member *a, const clb_member *b);
bool clb_sort_members(clb_state *s, clb_buffer *message, size_t first, size_t start);

/* clb_decode.c, clb_encode.c */
int clb_decode(lua_State *L, clb_bytes message);
size_t clb_encode(lua_State *L, int first, int last, clb_buffer *out, const char *what, size_t most);
void clb_refuse_value(lua_State *L, int index, const char *what);

/* clb_json.c, clb_json_text.c, clb_json_names.c */
int clb_json_decoder(lua_State *L);
int clb_json_encoder(lua_State *L);
bool clb_add_name(clb_state *s, const char *bytes, size_t count, int index);
void clb_sort_names(lua_State *L, size_t first, size_t count);

/* clb_traversal.c, clb_order.c */
void clb_read_key(lua_State *L, int index, clb_key *key);
bool clb_key_precedes(const clb_key *a, const clb_key *b);
clb_traversal *clb_push_traversal(lua_State *L, int table, const clb_key *after);
bool clb_traverse(lua_State *L, int traversal, int table);
bool clb_stands_at(lua_State *L, int traversal, int key, bool seek);
void clb_table_freed(clb_state *s, const void *table);
void clb_forget_traversals(clb_state *s);

/* clb_utf8.c */
const uint8_t *clb_skip_utf8(const uint8_t *next, const uint8_t *end);
bool clb_is_utf8(const uint8_t *next, const uint8_t *end);

/* clb_coroutine.c, clb_protect.c, clb_base.c, clb_table.c, clb_string.c, clb_random.c, clb_sort.c, clb_host.c */
void clb_open_coroutine(lua_State *L);
void clb_open_protect(lua_State *L);
void clb_open_base(lua_State *L);
void clb_open_table(lua_State *L);
void clb_open_string(lua_State *L);
void clb_open_order(lua_State *L);
void clb_open_random(lua_State *L);
int clb_sort(lua_State *L);
int clb_host(lua_State *L);
void clb_push_bridge(lua_State *L);
int clb_require(lua_State *L);
int clb_close_coroutine(lua_State *L, lua_State *co);

/* clb_state.c */
clb_bytes clb_take_failure(clb_state *s);

/* clb_module.c */
bool clb_load_offered(lua_State *L, const char *name);

/* clb_identity.c */
uint64_t clb_identity_of(lua_State *L, int index);
void clb_forget_identity(clb_identities *all, const void *block);

/* clb_load.c, clb_address.c */
int clb_load(lua_State *L, clb_bytes source, const char *name);
const char *clb_tolstring(lua_State *L, int index, size_t *count);
void clb_open_address(lua_State *L);

/* clb_failure.c */
void clb_finish_error(clb_call *call, int status);
void clb_describe_stop(clb_call *call);

/* clb_boot.c, clb_call.c */
int clb_boot(lua_State *L);
void clb_call_free(clb_call *call);
#endif
