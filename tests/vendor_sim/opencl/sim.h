/*
 * The inside of the simulated OpenCL library. One lock guards everything: exported functions take it for
 * their whole length (sim_enter, sim_leave), queues' threads while they are not asleep.
 */
#ifndef TESTS_VENDOR_SIM_OPENCL_SIM_H
#define TESTS_VENDOR_SIM_OPENCL_SIM_H

/* Only what these headers declare is exported. */
#pragma GCC visibility push(default)
#define CL_TARGET_OPENCL_VERSION 300
#define CL_USE_DEPRECATED_OPENCL_1_2_APIS
#include <CL/cl.h>
#include <CL/cl_ext.h>

#include "tests/vendor_sim/opencl/cl_sim.h"
#pragma GCC visibility pop

#include <pthread.h>
#include <stddef.h>

#include "tests/vendor_sim/opencl/config.h"

/**
 * Begins every object. refs: the user's. holds: those of commands and of other objects that need it. Its
 * contents go when both are 0; its head stays for a while, so that a use after the release is seen.
 */
typedef struct sim_object {
    uint32_t magic, kind, refs, holds;
    bool is_known; /* the user has or had it */
} sim_object;

struct _cl_platform_id {
    uint32_t index;
};

struct _cl_device_id {
    cl_platform_id platform;
    uint32_t index; /* over all platforms */
    const sim_knobs *knobs;
    uint64_t used_bytes; /* of its memory */
};

struct _cl_context {
    sim_object object;
    cl_device_id device;
};

/** What a queue does. Commands before `submitted` may run; `next_number` is that of the next command. */
struct _cl_command_queue {
    sim_object object;
    cl_context context;
    cl_command_queue_properties properties;
    cl_event first;
    cl_event *last;
    uint64_t next_number, submitted;
    bool is_stopping;
    bool is_broken;  /* a command failed since the last clFinish */
    bool is_failing; /* a command failed since the queue was empty */
    pthread_t thread;
};

#define SIM_MAPPINGS_MAX 16u

/** Device memory: pages without access rights unless a command works on them or they are mapped (open > 0).
 */
struct _cl_mem {
    sim_object object;
    cl_context context;
    cl_mem_flags flags;
    size_t bytes, paged_bytes;
    char *memory;
    char *host; /* CL_MEM_USE_HOST_PTR */
    uint32_t open, writers;
    bool is_committed;
    struct {
        void *address;
        size_t bytes;
        cl_map_flags flags;
    } mapping[SIM_MAPPINGS_MAX];
};

/** A kernel's name as the source has it; args UINT32_MAX: the text does not tell. */
typedef struct sim_signature {
    char name[64];
    uint32_t args;
} sim_signature;

struct _cl_program {
    sim_object object;
    cl_context context;
    char *source;
    char *log;
    bool is_binary;
    cl_build_status status;
    uint32_t kernels; /* not destroyed yet */
    sim_signature *signature;
    uint32_t signatures;
};

#define SIM_ARGS_MAX 96u

struct _cl_kernel {
    sim_object object;
    cl_program program;
    sim_signature signature;
    struct {
        bool is_set;
        cl_mem buffer;      /* NULL: a value, or local memory */
        size_t local_bytes; /* of local memory */
    } arg[SIM_ARGS_MAX];
};

/* What a command does with bytes. */
enum { SIM_NOTHING = 0, SIM_READ, SIM_WRITE, SIM_COPY, SIM_FILL, SIM_MAP, SIM_UNMAP };

/** A command, and its event at once: an event that nobody asked for has no refs. */
struct _cl_event {
    sim_object object;
    cl_context context;
    cl_command_queue queue; /* NULL once it is done */
    cl_event next;
    uint64_t number;
    bool is_profiled;
    cl_command_type type;
    cl_int status, fate; /* fate: the status that it ends with */
    cl_ulong stamp[4];   /* queued, submitted, start, end */
    uint32_t waits, buffers;
    cl_event *wait;
    cl_mem *buffer; /* held; [0] is the one written to, or the only one; [1] what a copy reads */
    cl_kernel kernel;
    uint32_t work;
    size_t offset, from, bytes;
    char *host;
    cl_map_flags map_flags;
    size_t pattern_bytes;
    char pattern[128];
};

/** The state of the library. */
typedef struct sim_world {
    pthread_mutex_t lock;
    pthread_cond_t changed; /* of anything that a thread may wait for */
    bool is_ready, is_held, is_lost;
    const char *function; /* that is running, for messages */
    sim_config config;
    struct _cl_platform_id platform[SIM_PLATFORMS_MAX];
    struct _cl_device_id device[SIM_DEVICES_MAX];
    uint64_t alive[CL_SIM_KINDS], made[CL_SIM_KINDS];
    uint64_t enqueued;
} sim_world;

extern sim_world sim;

/* world.c */
/** Begin an exported function: CL_SUCCESS, or what it has to return. */
cl_int sim_enter(const char *function);
/** The same for a function whose first argument is an object of that kind. */
cl_int sim_enter_on(const char *function, const void *handle, uint32_t kind);
/** End it; both return `code`, the second through out_code (NULL: nobody wants it), and `made` only if it is
 * a success. */
cl_int sim_leave(cl_int code);
void *sim_leave_with(void *made, cl_int code, cl_int *out_code);
/** "cl_sim: FUNCTION: ..." on standard error, and abort. */
__attribute__((noreturn, format(printf, 1, 2))) void sim_die(const char *format, ...);
/** The devices' clock, ns. */
cl_ulong sim_now(void);
/** Answer of a clGet*Info. Any of value and out_size may be NULL. */
cl_int sim_answer(const void *data, size_t bytes, size_t capacity, void *value, size_t *out_size);
bool sim_is_device(cl_device_id device);

/* object.c */
/** A zeroed object, given to the user or not yet; NULL: the host has no memory. */
void *sim_object_make(uint32_t kind, size_t bytes, bool is_given);
/** CL_SUCCESS: a living object of that kind; else the code for a wrong handle. Ends the process if it was
 * released. */
cl_int sim_object_check(const void *handle, uint32_t kind);
/** The user's references; always CL_SUCCESS. */
cl_int sim_object_retain(void *handle);
cl_int sim_object_release(void *handle);
/** The library's. */
void sim_object_hold(void *handle);
void sim_object_drop(void *handle);
/** The user gets it now. */
void sim_object_give(void *handle);
/** The buffer whose handle the bytes at `value` are, or NULL; ends the process if it was released. */
cl_mem sim_object_buffer_of(const void *value);

/* memory.c, command.c, program.c, kernel.c: contents of objects, when they go. */
void sim_memory_destroy(cl_mem memory);
void sim_command_destroy(cl_event command);
void sim_program_destroy(cl_program program);
void sim_kernel_destroy(cl_kernel kernel);

/** Commit a buffer to its device, where that is done late. */
cl_int sim_memory_commit(cl_mem memory);
/** Its bytes, accessible until sim_memory_close(). Nested calls count. */
char *sim_memory_open(cl_mem memory);
void sim_memory_close(cl_mem memory);

/** A command for a queue, with its wait list checked; it belongs to the caller until it is submitted. */
cl_int sim_command_make(
    cl_command_queue queue, cl_command_type type, cl_uint waits, const cl_event *wait, cl_event *out_command);
/** The command touches a buffer: hold it. */
cl_int sim_command_touch(cl_event command, cl_mem buffer);
/** Enqueue it, and wait for it if `is_blocking`. Takes the command, whatever becomes of it. */
cl_int sim_command_submit(cl_event command, bool is_blocking, cl_event *out_event);
/** Do the work; the status to end with. */
cl_int sim_command_run(cl_event command);
/** Stamp the end, tell everybody, forget the command's needs. */
void sim_command_end(cl_event command, cl_int status);

/** Append a command; let everything that is there run; wait until a command, or everything, is done. */
void sim_queue_append(cl_command_queue queue, cl_event command);
void sim_queue_flush(cl_command_queue queue);
void sim_queue_wait(cl_event command);

/* scan.c */
/** Names of the kernels in a source into an array to be freed; false: the host has no memory. */
bool sim_scan(const char *source, sim_signature **out_signature, uint32_t *out_count);

#endif
