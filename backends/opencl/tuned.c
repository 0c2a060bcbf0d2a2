/* Reading the database, and the nearest entry of it. */
#include "backends/opencl/tuned.h"

#include <fcntl.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "backends/opencl/feature.h"
#include "backends/opencl/query.h"
#include "backends/opencl/sources.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* How well a file fits the device; entries of a better one win whatever their distance. */
enum { FIT_NONE, FIT_KIND, FIT_VENDOR, FIT_DEVICE };

typedef struct entry {
    ocl_feature feature;
    ocl_advice advice;
    int fit;
} entry;

struct ocl_tuned {
    entry *entry;
    size_t count, capacity;
};

/* Largest file of the user's that is read. */
static const off_t FILE_BYTES_MAX = 8 << 20;

ocl_tuned *ocl_tuned_create(void) {
    return sy_mem_calloc(1, sizeof(ocl_tuned));
}

void ocl_tuned_close(ocl_tuned *tuned) {
    if (tuned != NULL)
        sy_mem_free(tuned->entry);
    sy_mem_free(tuned);
}

static bool add(ocl_tuned *tuned, const entry *fresh) {
    if (tuned->count == tuned->capacity) {
        size_t capacity = tuned->capacity > 0 ? 2 * tuned->capacity : 64;
        entry *grown = sy_mem_realloc(tuned->entry, capacity * sizeof *grown);
        if (grown == NULL)
            return false;
        tuned->entry = grown;
        tuned->capacity = capacity;
    }
    tuned->entry[tuned->count++] = *fresh;
    return true;
}

static const char *text_of(const json_t *object, const char *key) {
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "";
}

static const char *kind_name(uint32_t kind) {
    return kind == OCL_CPU ? "cpu" : kind == OCL_GPU ? "gpu" : "accelerator";
}

/* The architecture is told as "OpenCL 3.0 cpu"; a file that is for all of a kind may say "cpu" alone. */
static bool is_of_kind(const char *isa, uint32_t kind) {
    const char *last = strrchr(isa, ' ');
    return strcmp(last != NULL ? last + 1 : isa, kind_name(kind)) == 0;
}

static int fit_of(const json_t *device, const ocl_traits *traits) {
    if (strcmp(text_of(device, "backend"), "opencl") != 0 ||
        !is_of_kind(text_of(device, "isa"), traits->kind))
        return FIT_NONE;
    bool is_vendor = strcmp(text_of(device, "vendor"), traits->vendor) == 0;
    if (is_vendor && strcmp(text_of(device, "name"), traits->name) == 0)
        return FIT_DEVICE;
    return is_vendor ? FIT_VENDOR : FIT_KIND;
}

/* "core/m6n2...": family and parameters. Names that are too long are none of ours. */
static bool split(const char *algorithm, ocl_advice *out) {
    size_t family = strcspn(algorithm, "/");
    const char *parameters = algorithm[family] == '/' ? algorithm + family + 1 : "";
    if (family == 0 || family >= sizeof out->family || strlen(parameters) >= sizeof out->parameters)
        return false;
    memcpy(out->family, algorithm, family);
    out->family[family] = '\0';
    strcpy(out->parameters, parameters);
    return true;
}

static sy_status read_entries(ocl_tuned *tuned, const json_t *root, int fit, sy_error *err) {
    const json_t *list = json_object_get(root, "entries"), *item;
    size_t index;
    json_array_foreach(list, index, item) {
        entry fresh = {.fit = fit};
        if (!ocl_feature_of_text(text_of(item, "problem"), &fresh.feature) ||
            !split(text_of(item, "algorithm"), &fresh.advice))
            continue;
        if (!add(tuned, &fresh))
            return sy_error_set(err, SY_OUT_OF_MEMORY, "opencl: no host memory");
    }
    return SY_OK;
}

sy_status ocl_tuned_read(ocl_tuned *tuned, const ocl_traits *traits, const char *name, const char *text,
    size_t length, sy_error *err) {
    json_error_t why;
    json_t *root = json_loadb(text, length, JSON_REJECT_DUPLICATES, &why);
    sy_status status = SY_OK;
    if (root == NULL)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "%s:%d: %s", name, why.line, why.text);
    if (strcmp(text_of(root, "schema"), "steelyard.tuned/1") != 0)
        status = sy_error_set(err, SY_INVALID_ARGUMENT, "%s: its schema is '%.40s', not steelyard.tuned/1",
            name, text_of(root, "schema"));
    int fit = status == SY_OK ? fit_of(json_object_get(root, "device"), traits) : FIT_NONE;
    if (fit != FIT_NONE)
        status = read_entries(tuned, root, fit, err);
    json_decref(root);
    return status;
}

/* The whole of a file that is not absurdly large; NULL with the reason. */
static char *load(const char *path, size_t *out_length, sy_error *err) {
    struct stat found;
    char *text = NULL;
    int fd = sy_file_open(path, O_RDONLY | O_CLOEXEC, 0);
    if (fd < 0 || sy_file_stat(fd, &found) != 0) {
        sy_error_io(err, "%s", path);
    } else if (!S_ISREG(found.st_mode) || found.st_size > FILE_BYTES_MAX) {
        sy_error_set(err, SY_INVALID_ARGUMENT, "%s: no file of at most 8 MiB", path);
    } else if ((text = sy_mem_alloc((size_t)found.st_size + 1)) == NULL) {
        sy_error_set(err, SY_OUT_OF_MEMORY, "%s: no host memory", path);
    } else {
        ssize_t got = sy_file_read(fd, text, (size_t)found.st_size);
        *out_length = got > 0 ? (size_t)got : 0;
        if (got < 0)
            sy_error_io(err, "%s", path);
    }
    if (fd >= 0)
        sy_file_close(fd);
    return text;
}

static sy_status read_user_file(
    const sy_backend *backend, ocl_tuned *tuned, const ocl_traits *traits, const char *path) {
    sy_error error = SY_ERROR_INIT;
    size_t length = 0;
    char *text = load(path, &length, &error);
    sy_status status = text != NULL ? ocl_tuned_read(tuned, traits, path, text, length, &error) : SY_IO;
    sy_mem_free(text);
    if (status != SY_OK)
        ocl_log(backend, SY_LOG_WARNING, "opencl: tuned parameters are not taken: %s", error.text);
    return status == SY_OUT_OF_MEMORY ? status : SY_OK;
}

sy_status ocl_tuned_open(const sy_backend *backend, const ocl_traits *traits, const char *user_file,
    ocl_tuned **out_tuned, sy_error *err) {
    ocl_tuned *tuned = ocl_tuned_create();
    sy_status status = tuned != NULL ? SY_OK : SY_OUT_OF_MEMORY;
    if (status == SY_OK && user_file != NULL && user_file[0] != '\0')
        status = read_user_file(backend, tuned, traits, user_file);
    for (const ocl_source_text *file = ocl_tuned_texts; status == SY_OK && file->name != NULL; file++)
        status = ocl_tuned_read(tuned, traits, file->name, file->text, file->length, err);
    if (status != SY_OK) {
        ocl_tuned_close(tuned);
        tuned = NULL;
    }
    *out_tuned = tuned;
    return status == SY_OUT_OF_MEMORY ? sy_error_set(err, status, "opencl: no host memory") : status;
}

bool ocl_tuned_find(const ocl_tuned *tuned, const sy_task *task, ocl_advice *out_advice) {
    ocl_feature wanted;
    const entry *best = NULL;
    double least = OCL_TUNED_DISTANCE_MAX;
    if (tuned == NULL || tuned->count == 0 || !ocl_feature_of_task(task, &wanted))
        return false;
    for (size_t i = 0; i < tuned->count; i++) {
        const entry *known = &tuned->entry[i];
        double distance = ocl_feature_distance(&wanted, &known->feature);
        bool is_better =
            best == NULL || known->fit > best->fit || (known->fit == best->fit && distance < least);
        if (distance > OCL_TUNED_DISTANCE_MAX || !is_better)
            continue;
        best = known;
        least = distance;
    }
    if (best != NULL)
        *out_advice = best->advice;
    return best != NULL;
}
