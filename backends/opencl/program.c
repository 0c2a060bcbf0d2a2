/* From a recipe's text to a program. */
#include "backends/opencl/program.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "backends/opencl/binary_cache.h"
#include "backends/opencl/query.h"
#include "backends/opencl/sources.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* What clCreateProgramWithSource takes: the definitions, and before each file a line that names it in
 * messages. */
enum { PIECES_MAX = 1 + 2 * OCL_SOURCES_MAX, LOG_BYTES_MAX = 1 << 20 };
typedef struct source_text {
    const char *piece[PIECES_MAX];
    size_t length[PIECES_MAX];
    cl_uint pieces;
    char line[OCL_SOURCES_MAX][64];
    char options[192];
} source_text;

/* Programs that no plan uses, but soon may again: the same work on other operands is a plan of its own. */
enum { IDLE_MAX = 64 };

static void add_piece(source_text *text, const char *piece, size_t length) {
    if (length == 0) /* would count as "up to the NUL" */
        return;
    text->piece[text->pieces] = piece;
    text->length[text->pieces++] = length;
}

static sy_status collect(
    const sy_device *device, const ocl_recipe *recipe, source_text *out_text, sy_error *err) {
    const char *standard = device->traits.c_version >= 300 ? "-cl-std=CL3.0" : "-cl-std=CL1.2";
    bool is_named = strstr(recipe->options, "-cl-std=") != NULL;
    *out_text = (source_text){0};
    snprintf(out_text->options, sizeof out_text->options, "-w%s%s%s%s", is_named ? "" : " ",
        is_named ? "" : standard, recipe->options[0] != '\0' ? " " : "", recipe->options);
    add_piece(out_text, recipe->defines, (size_t)recipe->defines_length);
    for (uint32_t i = 0; i < recipe->sources; i++) {
        const ocl_source_text *file = ocl_source_find(recipe->source[i]);
        if (file == NULL)
            return sy_error_set(
                err, SY_INTERNAL, "opencl: there is no kernels/opencl/%s.cl", recipe->source[i]);
        int length =
            snprintf(out_text->line[i], sizeof out_text->line[i], "\n#line 1 \"%.40s.cl\"\n", file->name);
        add_piece(out_text, out_text->line[i], (size_t)length);
        add_piece(out_text, file->text, file->length);
    }
    return SY_OK;
}

/* Each text with its length, so that no two sequences are alike. */
static void hash_text(crypto_hash_sha256_state *state, const char *text, size_t length) {
    uint64_t count = length;
    crypto_hash_sha256_update(state, (const unsigned char *)&count, sizeof count);
    crypto_hash_sha256_update(state, (const unsigned char *)text, length);
}

static void make_key(const sy_device *device, const source_text *text, unsigned char out_key[32]) {
    static const cl_device_info asked[] = {
        CL_DEVICE_NAME, CL_DEVICE_VENDOR, CL_DEVICE_VERSION, CL_DRIVER_VERSION};
    crypto_hash_sha256_state state;
    char answer[512];
    crypto_hash_sha256_init(&state);
    for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++) {
        ocl_query_text(device->api, device->place.device, asked[i], answer, sizeof answer);
        hash_text(&state, answer, strlen(answer));
    }
    ocl_query_platform_text(device->api, device->place.platform, CL_PLATFORM_VERSION, answer, sizeof answer);
    hash_text(&state, answer, strlen(answer));
    hash_text(&state, text->options, strlen(text->options));
    for (cl_uint i = 0; i < text->pieces; i++)
        hash_text(&state, text->piece[i], text->length[i]);
    crypto_hash_sha256_final(&state, out_key);
}

/* The line of a compiler's log that says what is wrong: the first with "error" in it, else the first at all.
 */
static void first_error(char *log, char *out_line, size_t capacity) {
    char *rest = log, *line;
    out_line[0] = '\0';
    while ((line = strsep(&rest, "\n")) != NULL) {
        bool is_error = strcasestr(line, "error") != NULL;
        if (is_error || (out_line[0] == '\0' && strspn(line, " \t\r") < strlen(line)))
            snprintf(out_line, capacity, "%s", line + strspn(line, " \t"));
        if (is_error)
            return;
    }
}

static sy_status fail_build(sy_device *device, cl_program program, cl_int code, sy_error *err) {
    const ocl_api *api = device->api;
    char line[400] = "";
    size_t bytes = 0;
    bool is_refusal = code == CL_BUILD_PROGRAM_FAILURE || code == CL_INVALID_BUILD_OPTIONS ||
                      code == CL_COMPILER_NOT_AVAILABLE || code == CL_INVALID_OPERATION;
    if (!is_refusal)
        return ocl_fail(device, code, "building a program", err);
    cl_int got =
        api->clGetProgramBuildInfo(program, device->place.device, CL_PROGRAM_BUILD_LOG, 0, NULL, &bytes);
    char *log = got == CL_SUCCESS && bytes > 0 && bytes < LOG_BYTES_MAX ? sy_mem_calloc(bytes + 1, 1) : NULL;
    if (log != NULL && api->clGetProgramBuildInfo(program, device->place.device, CL_PROGRAM_BUILD_LOG, bytes,
                           log, NULL) == CL_SUCCESS)
        first_error(log, line, sizeof line);
    sy_mem_free(log);
    return sy_error_set(err, SY_UNSUPPORTED, "opencl:%u: does not build: %s%s%s", device->index,
        ocl_code_name(code), line[0] != '\0' ? ": " : "", line);
}

/* The binary of a built program, for keeping; NULL if the driver has none. Some compile only when they are
 * asked for it, so that asking belongs to building. */
static unsigned char *take_binary(const sy_device *device, cl_program program, size_t *out_bytes) {
    const ocl_api *api = device->api;
    *out_bytes = 0;
    if (api->clGetProgramInfo(program, CL_PROGRAM_BINARY_SIZES, sizeof *out_bytes, out_bytes, NULL) !=
            CL_SUCCESS ||
        *out_bytes == 0)
        return NULL;
    unsigned char *binary = sy_mem_alloc(*out_bytes);
    if (binary != NULL &&
        api->clGetProgramInfo(program, CL_PROGRAM_BINARIES, sizeof binary, &binary, NULL) != CL_SUCCESS) {
        sy_mem_free(binary);
        binary = NULL;
    }
    return binary;
}

static sy_status build_source(sy_device *device, const source_text *text, ocl_program *program,
    uint64_t *out_compile_ns, sy_error *err) {
    const ocl_api *api = device->api;
    cl_int code = CL_SUCCESS;
    size_t bytes = 0;
    const char *pieces[PIECES_MAX]; /* OpenCL 1.2 takes pointers to non-const */
    memcpy(pieces, text->piece, sizeof pieces);
    program->handle =
        api->clCreateProgramWithSource(device->context, text->pieces, pieces, text->length, &code);
    if (program->handle == NULL)
        return ocl_fail(device, code, "making a program of text", err);
    uint64_t begin = sy_clock_raw_ns();
    code = api->clBuildProgram(program->handle, 1, &device->place.device, text->options, NULL, NULL);
    if (code != CL_SUCCESS)
        return fail_build(device, program->handle, code, err);
    unsigned char *binary = device->traits.binaries ? take_binary(device, program->handle, &bytes) : NULL;
    *out_compile_ns = sy_clock_raw_ns() - begin;
    if (binary != NULL && device->binaries != NULL)
        ocl_binary_cache_store(device->binaries, program->key, binary, bytes);
    sy_mem_free(binary);
    return SY_OK;
}

/* A program that was kept; false if there is none that the driver takes. */
static bool build_kept(sy_device *device, const source_text *text, ocl_program *program) {
    const ocl_api *api = device->api;
    cl_int code = CL_SUCCESS, told = CL_SUCCESS;
    size_t bytes = 0;
    unsigned char *binary =
        device->binaries != NULL ? ocl_binary_cache_load(device->binaries, program->key, &bytes) : NULL;
    if (binary == NULL)
        return false;
    const unsigned char *const_binary = binary;
    program->handle = api->clCreateProgramWithBinary(
        device->context, 1, &device->place.device, &bytes, &const_binary, &told, &code);
    if (program->handle != NULL)
        code = api->clBuildProgram(program->handle, 1, &device->place.device, text->options, NULL, NULL);
    sy_mem_free(binary);
    if (program->handle != NULL && code == CL_SUCCESS)
        return true;
    if (program->handle != NULL)
        api->clReleaseProgram(program->handle);
    program->handle = NULL;
    return false;
}

static sy_status make_program(sy_device *device, const source_text *text, const unsigned char key[32],
    ocl_program **out_program, uint64_t *out_compile_ns, sy_error *err) {
    sy_status status = SY_OK;
    ocl_program *program = sy_mem_calloc(1, sizeof *program);
    if (program == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "opencl: no host memory");
    memcpy(program->key, key, sizeof program->key);
    program->references = 1;
    if (!build_kept(device, text, program))
        status = build_source(device, text, program, out_compile_ns, err);
    if (status != SY_OK) {
        if (program->handle != NULL)
            device->api->clReleaseProgram(program->handle);
        sy_mem_free(program);
        return status;
    }
    program->next = device->programs;
    device->programs = program;
    *out_program = program;
    return SY_OK;
}

static void drop(sy_device *device, ocl_program *program) {
    device->api->clReleaseProgram(program->handle);
    sy_mem_free(program);
}

/* The list goes from the one used last to the one not used for longest: too many idle ones lose the latter.
 */
static void trim(sy_device *device, uint32_t idle_max) {
    uint32_t idle = 0;
    for (ocl_program **link = &device->programs; *link != NULL;) {
        ocl_program *program = *link;
        if (program->references > 0 || ++idle <= idle_max) {
            link = &program->next;
            continue;
        }
        *link = program->next;
        drop(device, program);
    }
}

static ocl_program *take_known(sy_device *device, const unsigned char key[32]) {
    for (ocl_program **link = &device->programs; *link != NULL; link = &(*link)->next) {
        ocl_program *program = *link;
        if (memcmp(program->key, key, sizeof program->key) != 0)
            continue;
        *link = program->next;
        program->next = device->programs;
        device->programs = program;
        program->references++;
        return program;
    }
    return NULL;
}

static sy_status get_locked(sy_device *device, const source_text *text, const unsigned char key[32],
    ocl_program **out_program, uint64_t *out_compile_ns, sy_error *err) {
    *out_program = take_known(device, key);
    if (*out_program != NULL)
        return SY_OK;
    return make_program(device, text, key, out_program, out_compile_ns, err);
}

sy_status ocl_program_get(sy_device *device, const ocl_recipe *recipe, ocl_program **out_program,
    uint64_t *out_compile_ns, sy_error *err) {
    source_text text;
    unsigned char key[32];
    *out_program = NULL;
    *out_compile_ns = 0;
    if (recipe->failed != 0)
        return sy_error_set(
            err, SY_INTERNAL, "opencl: %s: the recipe is longer than it may be", recipe->name);
    sy_status status = collect(device, recipe, &text, err);
    if (status != SY_OK)
        return status;
    make_key(device, &text, key);
    pthread_mutex_lock(&device->lock);
    status = get_locked(device, &text, key, out_program, out_compile_ns, err);
    pthread_mutex_unlock(&device->lock);
    return status;
}

void ocl_program_release(sy_device *device, ocl_program *program) {
    if (program == NULL)
        return;
    pthread_mutex_lock(&device->lock);
    program->references--;
    trim(device, IDLE_MAX);
    pthread_mutex_unlock(&device->lock);
}

void ocl_programs_close(sy_device *device) {
    trim(device, 0);
}
