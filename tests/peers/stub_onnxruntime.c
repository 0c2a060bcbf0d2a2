/* Stub of ONNX Runtime: sessions, values and runs behind a table of functions. */
#include "tests/peers/stub_onnxruntime.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Exported, and declared nowhere. */
#pragma GCC diagnostic ignored "-Wmissing-prototypes"

stub_onnxruntime_state stub_onnxruntime;

#if !defined(STUB_LACKS_BASE)

#define TABLE_SLOTS 128

typedef struct stub_status {
    int code;
    char text[96];
} stub_status;

typedef struct stub_value {
    void *data;
    size_t bytes, rank;
    int64_t dim[STUB_RANK];
    int type, owns;
} stub_value;

static void *make(size_t bytes) {
    stub_onnxruntime.alive++;
    return calloc(1, bytes > 0 ? bytes : 1);
}

static void release(void *object) {
    stub_onnxruntime.alive -= object != NULL;
    free(object);
}

static stub_status *refuse(int code, const char *text) {
    stub_status *status = make(sizeof *status);
    status->code = code;
    snprintf(status->text, sizeof status->text, "%s", text);
    return status;
}

static stub_status *asked(const char *function) {
    if (stub_onnxruntime.fail == NULL || strcmp(stub_onnxruntime.fail, function) != 0)
        return NULL;
    return refuse(stub_onnxruntime.code, function);
}

/* A function that makes an object or fails. */
#define MAKER(name, parameters, size)                                                                        \
    static stub_status *name parameters {                                                                    \
        stub_status *failure = asked(#name);                                                                 \
        *out = failure == NULL ? make(size) : NULL;                                                          \
        return failure;                                                                                      \
    }
/* A function that notes a number or fails. */
#define SETTER(name, field)                                                                                  \
    static stub_status *name(void *options, int value) {                                                     \
        (void)options;                                                                                       \
        stub_onnxruntime.field = value;                                                                      \
        return asked(#name);                                                                                 \
    }
/* A function that tells a value or fails. */
#define TELLER(name, parameters, value)                                                                      \
    static stub_status *name parameters {                                                                    \
        stub_status *failure = asked(#name);                                                                 \
        if (failure == NULL)                                                                                 \
            *out = value;                                                                                    \
        return failure;                                                                                      \
    }

static int get_code(const stub_status *status) {
    return status->code;
}

static const char *get_message(const stub_status *status) {
    return status->text;
}

MAKER(create_env, (int level, const char *name, void **out), (size_t)level + strlen(name))
MAKER(create_options, (void **out), 1)
MAKER(create_memory_info, (int allocator, int memory, void **out), (size_t)(allocator + memory))
SETTER(set_optimisation, optimisation)
SETTER(set_intra, threads)
SETTER(set_inter, between)

static stub_status *create_from(const void *bytes, size_t count, void **out) {
    stub_status *failure = asked("create_session");
    *out = NULL;
    if (failure == NULL && (count < 4 || memcmp(bytes, "stub", 4) != 0))
        failure = refuse(7, "protobuf parsing failed");
    if (failure == NULL)
        *out = make(1);
    return failure;
}

static stub_status *create_session(const void *env, const char *path, const void *options, void **out) {
    char bytes[4] = "";
    FILE *file = fopen(path, "r");
    (void)env, (void)options;
    *out = NULL;
    if (file == NULL)
        return refuse(3, "file doesn't exist");
    size_t count = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    return create_from(bytes, count, out);
}

static stub_status *create_session_from_array(
    const void *env, const void *bytes, size_t count, const void *options, void **out) {
    (void)env, (void)options;
    return create_from(bytes, count, out);
}

TELLER(input_count, (const void *session, size_t *out), (session != NULL) * stub_onnxruntime.n_in)
TELLER(output_count, (const void *session, size_t *out), (session != NULL) * stub_onnxruntime.n_out)
TELLER(input_type, (const void *session, size_t index, void **out),
    (stub_onnxruntime.alive += session != NULL, (void *)&stub_onnxruntime.input[index]))
TELLER(output_type, (const void *session, size_t index, void **out),
    (stub_onnxruntime.alive += session != NULL, (void *)&stub_onnxruntime.output[index]))

static char *copy_name(const char *name) {
    char *copy = make(strlen(name) + 1);
    strcpy(copy, name);
    return copy;
}

static stub_status *input_name(const void *session, size_t index, void *allocator, char **out) {
    (void)session, (void)allocator;
    stub_status *failure = asked("input_name");
    *out = failure == NULL ? copy_name(stub_onnxruntime.input[index].name) : NULL;
    return failure;
}

static stub_status *output_name(const void *session, size_t index, void *allocator, char **out) {
    (void)session, (void)allocator;
    stub_status *failure = asked("output_name");
    *out = failure == NULL ? copy_name(stub_onnxruntime.output[index].name) : NULL;
    return failure;
}

TELLER(as_tensor, (const stub_port *type, const stub_port **out), type->type != 0 ? type : NULL)
TELLER(element_type, (const stub_port *shape, int *out), shape->type)
TELLER(get_rank, (const stub_port *shape, size_t *out), shape->rank)

static stub_status *get_extents(const stub_port *shape, int64_t *out, size_t rank) {
    stub_status *failure = asked("get_extents");
    if (failure == NULL)
        memcpy(out, shape->dim, rank * sizeof *out);
    return failure;
}

static stub_status *create_tensor(
    const void *info, void *data, size_t bytes, const int64_t *dim, size_t rank, int type, stub_value **out) {
    (void)info;
    stub_status *failure = asked("create_tensor");
    *out = NULL;
    if (failure != NULL)
        return failure;
    *out = make(sizeof **out);
    **out = (stub_value){.data = data, .bytes = bytes, .rank = rank, .type = type};
    memcpy((*out)->dim, dim, rank * sizeof *dim);
    return NULL;
}

static stub_status *shape_of(const stub_value *value, stub_port **out) {
    stub_status *failure = asked("shape_of");
    *out = NULL;
    if (failure != NULL)
        return failure;
    *out = make(sizeof **out);
    **out = (stub_port){.type = value->type, .rank = value->rank};
    memcpy((*out)->dim, value->dim, sizeof value->dim);
    return NULL;
}

/* An output whose memory is the library's. */
static stub_value *make_output(const stub_port *port, const stub_value *in) {
    stub_value *value = make(sizeof *value);
    *value = (stub_value){.bytes = in->bytes, .rank = port->rank, .type = port->type, .owns = 1};
    value->data = calloc(1, in->bytes + 1);
    for (size_t i = 0; i < port->rank; i++)
        value->dim[i] = port->dim[i] < 0 ? in->dim[i] : port->dim[i];
    return value;
}

static stub_status *run(void *session, const void *options, const char *const *in_name,
    const stub_value *const *in, size_t n_in, const char *const *out_name, size_t n_out, stub_value **out) {
    (void)session, (void)options;
    stub_status *failure = asked("run");
    for (size_t i = 0; failure == NULL && i < n_in; i++)
        if (strcmp(in_name[i], stub_onnxruntime.input[i].name) != 0)
            failure = refuse(2, "another input was expected");
    if (failure != NULL)
        return failure;
    stub_onnxruntime.runs++;
    for (size_t i = 0; i < n_out; i++) {
        if (strcmp(out_name[i], stub_onnxruntime.output[i].name) != 0)
            return refuse(2, "another output was expected");
        if (out[i] == NULL)
            out[i] = make_output(&stub_onnxruntime.output[i], in[0]);
        if (out[i]->bytes > 0)
            memcpy(out[i]->data, in[0]->data, out[i]->bytes < in[0]->bytes ? out[i]->bytes : in[0]->bytes);
    }
    return NULL;
}

static stub_status *allocator_free(void *allocator, void *memory) {
    (void)allocator;
    release(memory);
    return NULL;
}

TELLER(default_allocator, (void **out), &stub_onnxruntime)

static void release_value(stub_value *value) {
    if (value != NULL && value->owns)
        free(value->data);
    release(value);
}

static void release_type(void *type) {
    stub_onnxruntime.alive -= type != NULL;
}

static void *get_api(uint32_t version) {
    static void *table[TABLE_SLOTS];
#define SLOT(place, function) table[place] = (void *)(uintptr_t)(function)
    SLOT(1, get_code), SLOT(2, get_message), SLOT(3, create_env), SLOT(7, create_session);
    SLOT(8, create_session_from_array), SLOT(9, run), SLOT(10, create_options), SLOT(23, set_optimisation);
    SLOT(24, set_intra), SLOT(25, set_inter), SLOT(30, input_count), SLOT(31, output_count);
    SLOT(33, input_type), SLOT(34, output_type), SLOT(36, input_name), SLOT(37, output_name);
    SLOT(49, create_tensor), SLOT(55, as_tensor), SLOT(60, element_type), SLOT(61, get_rank);
    SLOT(62, get_extents), SLOT(65, shape_of), SLOT(69, create_memory_info), SLOT(76, allocator_free);
    SLOT(78, default_allocator), SLOT(92, release), SLOT(93, release), SLOT(94, release), SLOT(95, release);
    SLOT(96, release_value), SLOT(98, release_type), SLOT(99, release), SLOT(100, release);
    return version <= STUB_INTERFACE ? table : NULL;
}

static const char *get_version(void) {
    return STUB_VERSION;
}

const void *OrtGetApiBase(void) {
    static const struct {
        void *(*get_api)(uint32_t version);
        const char *(*get_version)(void);
    } base = {get_api, get_version};
    return &base;
}

#endif
