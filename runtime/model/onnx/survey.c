#include "runtime/model/onnx/survey.h"

#include <string.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "runtime/model/onnx/limits.h"
#include "runtime/model/onnx/wire.h"

#define LENGTH_BYTES 5u /* of a message in the skeleton: padded, so that it can be written afterwards */
#define FIELDS 64u      /* numbers of fields that are read are below */

/* Fields of the skeleton that are not ONNX's (onnx.proto). */
enum { RUNS_BEGIN = 1000, RUNS_COUNT = 1001 };

/* A message that is being walked. */
typedef struct frame {
    sy_onnx_message message;
    size_t end, length_at, first_run;
    uint32_t entries[FIELDS];
} frame;

typedef struct walker {
    sy_wire wire;
    sy_onnx_survey *survey;
    uint64_t counter[SY_ONNX_COUNTS];
    uint32_t depth;
    frame frame[SY_ONNX_MAX_DEPTH];
    sy_error *err;
} walker;

static const char *where(const walker *walk) {
    return sy_onnx_layout_of(walk->frame[walk->depth - 1].message)->name;
}

static sy_status damaged(const walker *walk, size_t at, const char *what) {
    return sy_error_set(
        walk->err, SY_INVALID_ARGUMENT, "damaged at byte %zu, in a %s: %s", at, where(walk), what);
}

static sy_status too_many(const walker *walk, uint64_t limit, const char *what) {
    return sy_error_set(walk->err, SY_OVERFLOW, "more than %llu %s", (unsigned long long)limit, what);
}

/* `bytes` more of the skeleton. */
static sy_status extend(walker *walk, size_t bytes, uint8_t **out_place) {
    sy_onnx_survey *survey = walk->survey;
    if (bytes > SY_ONNX_MAX_SKELETON_BYTES - survey->skeleton_bytes)
        return too_many(walk, SY_ONNX_MAX_SKELETON_BYTES, "bytes besides the elements of tensors");
    size_t wanted = survey->skeleton_bytes + bytes;
    if (wanted > survey->skeleton_room) {
        size_t room = wanted < 4096 ? 4096 : wanted * 2;
        uint8_t *fresh = sy_mem_realloc(survey->skeleton, room);
        if (fresh == NULL)
            return sy_error_set(
                walk->err, SY_OUT_OF_MEMORY, "no memory for %zu bytes of its structure", room);
        survey->skeleton = fresh;
        survey->skeleton_room = room;
    }
    *out_place = survey->skeleton + survey->skeleton_bytes;
    survey->skeleton_bytes = wanted;
    return SY_OK;
}

static sy_status copy(walker *walk, size_t begin, size_t end) {
    uint8_t *place = NULL;
    sy_status status = extend(walk, end - begin, &place);
    if (status == SY_OK)
        memcpy(place, walk->wire.bytes + begin, end - begin);
    return status;
}

/* A number as a field of the skeleton, tag and value in five bytes each. */
static sy_status put_number(walker *walk, uint32_t field, uint64_t value) {
    uint8_t *place = NULL;
    sy_status status = extend(walk, 2 * LENGTH_BYTES, &place);
    if (status != SY_OK)
        return status;
    sy_wire_put(place, field << 3, LENGTH_BYTES);
    sy_wire_put(place + LENGTH_BYTES, value, LENGTH_BYTES);
    return SY_OK;
}

static sy_status enter(walker *walk, sy_onnx_message message, const sy_wire_field *found) {
    if (walk->depth == SY_ONNX_MAX_DEPTH)
        return too_many(
            walk, SY_ONNX_MAX_DEPTH, "messages within each other (a graph in a graph costs three)");
    uint8_t *place = NULL;
    uint32_t tag_bytes = found->number < 16 ? 1 : 2;
    sy_status status = extend(walk, tag_bytes + LENGTH_BYTES, &place);
    if (status != SY_OK)
        return status;
    sy_wire_put(place, found->number << 3 | SY_WIRE_BYTES, tag_bytes);
    frame *child = &walk->frame[walk->depth++];
    memset(child, 0, sizeof *child);
    child->message = message;
    child->end = found->offset + found->length;
    child->length_at = walk->survey->skeleton_bytes - LENGTH_BYTES;
    child->first_run = walk->survey->n_run;
    walk->wire.at = found->offset;
    walk->wire.end = child->end;
    return SY_OK;
}

/* The end of a message: its length is known now. The outermost one has none. */
static sy_status leave(walker *walk) {
    frame *done = &walk->frame[walk->depth - 1];
    sy_onnx_survey *survey = walk->survey;
    if (done->message == SY_ONNX_TENSOR) {
        sy_status status = put_number(walk, RUNS_BEGIN, done->first_run);
        if (status == SY_OK)
            status = put_number(walk, RUNS_COUNT, survey->n_run - done->first_run);
        if (status != SY_OK)
            return status;
    }
    if (--walk->depth == 0)
        return SY_OK;
    size_t length = survey->skeleton_bytes - done->length_at - LENGTH_BYTES;
    sy_wire_put(survey->skeleton + done->length_at, length, LENGTH_BYTES);
    walk->wire.end = walk->frame[walk->depth - 1].end;
    return SY_OK;
}

/* Elements of a tensor: a run more, or the last one longer. */
static sy_status note_elements(walker *walk, const sy_wire_field *found) {
    sy_onnx_survey *survey = walk->survey;
    bool is_packed = found->type == SY_WIRE_BYTES;
    sy_onnx_run *last =
        survey->n_run > walk->frame[walk->depth - 1].first_run ? &survey->run[survey->n_run - 1] : NULL;
    if (!is_packed && last != NULL && !last->is_packed && last->field == found->number &&
        last->offset + last->length == found->begin) {
        last->length = walk->wire.at - last->offset;
        return SY_OK;
    }
    if (survey->n_run == SY_ONNX_MAX_RUNS)
        return too_many(walk, SY_ONNX_MAX_RUNS, "stretches of elements of tensors");
    if (survey->n_run == survey->run_room) {
        size_t room = survey->run_room == 0 ? 64 : survey->run_room * 2;
        sy_onnx_run *fresh = sy_mem_realloc(survey->run, room * sizeof *fresh);
        if (fresh == NULL)
            return sy_error_set(walk->err, SY_OUT_OF_MEMORY, "no memory for a list of %zu tensors", room);
        survey->run = fresh;
        survey->run_room = room;
    }
    size_t begin = is_packed ? found->offset : found->begin;
    survey->run[survey->n_run++] = (sy_onnx_run){begin, walk->wire.at - begin, found->number, is_packed};
    return SY_OK;
}

/* Entries of a packed list; 0 with *out_wrong if it is none. */
static uint64_t packed_entries(
    const walker *walk, const sy_wire_field *found, uint32_t wire, bool *out_wrong) {
    const uint8_t *bytes = walk->wire.bytes + found->offset;
    uint64_t count = 0;
    if (wire != SY_WIRE_VARINT) {
        size_t size = wire == SY_WIRE_FIXED32 ? 4 : 8;
        *out_wrong = found->length % size != 0;
        return found->length / size;
    }
    sy_wire list = {bytes, 0, found->length};
    while (list.at < list.end) {
        uint64_t value = 0;
        if (!sy_wire_varint(&list, &value)) {
            *out_wrong = true;
            return 0;
        }
        count++;
    }
    return count;
}

/* Whether the field may come in this form, and this often. */
static sy_status count_entries(walker *walk, const sy_onnx_field *field, const sy_wire_field *found) {
    frame *here = &walk->frame[walk->depth - 1];
    bool is_packed = found->type == SY_WIRE_BYTES && field->wire != SY_WIRE_BYTES && field->most > 0;
    uint64_t entries = 1;
    bool is_wrong = !is_packed && found->type != field->wire;
    if (is_packed && field->holds == SY_ONNX_NUMBER)
        entries = packed_entries(walk, found, field->wire, &is_wrong);
    if (is_wrong)
        return damaged(walk, found->begin, "a field is not of its type");
    if (field->most == 0 && here->entries[field->number] > 0)
        return damaged(walk, found->begin, "a field is there twice");
    uint32_t most = field->most == 0 ? 1 : field->most;
    if (entries > most - here->entries[field->number])
        return sy_error_set(walk->err, SY_OVERFLOW, "more than %u entries in field %u of a %s (byte %zu)",
            most, field->number, where(walk), found->begin);
    here->entries[field->number] += (uint32_t)entries;
    const char *what = NULL;
    uint64_t limit = sy_onnx_counter_limit(field->counter, &what);
    walk->counter[field->counter]++;
    return walk->counter[field->counter] > limit ? too_many(walk, limit, what) : SY_OK;
}

static sy_status take(walker *walk, const sy_wire_field *found) {
    const sy_onnx_layout *layout = sy_onnx_layout_of(walk->frame[walk->depth - 1].message);
    const sy_onnx_field *field = sy_onnx_layout_find(layout, found->number);
    if (field == NULL)
        return SY_OK;
    sy_status status = count_entries(walk, field, found);
    if (status != SY_OK)
        return status;
    switch (field->holds) {
    case SY_ONNX_CHILD: return enter(walk, field->child, found);
    case SY_ONNX_ELEMENTS: return note_elements(walk, found);
    case SY_ONNX_TEXT:
        if (found->length > SY_ONNX_MAX_TEXT)
            return sy_error_set(walk->err, SY_OVERFLOW, "a text of more than %u bytes (byte %zu)",
                SY_ONNX_MAX_TEXT, found->begin);
        return copy(walk, found->begin, walk->wire.at);
    default: return copy(walk, found->begin, walk->wire.at);
    }
}

sy_status sy_onnx_survey_make(
    const void *bytes, size_t count, sy_onnx_message root, sy_onnx_survey *out_survey, sy_error *err) {
    walker walk = {.wire = {bytes, 0, count}, .survey = out_survey, .depth = 1, .err = err};
    walk.frame[0] = (frame){.message = root, .end = count};
    *out_survey = (sy_onnx_survey){0};
    sy_status status = SY_OK;
    while (status == SY_OK && walk.depth > 0) {
        sy_wire_field found;
        if (walk.wire.at == walk.wire.end) {
            status = leave(&walk);
            continue;
        }
        size_t begin = walk.wire.at;
        const char *wrong = sy_wire_next(&walk.wire, &found);
        status = wrong != NULL ? damaged(&walk, begin, wrong) : take(&walk, &found);
    }
    if (status != SY_OK)
        sy_onnx_survey_release(out_survey);
    return status;
}

void sy_onnx_survey_release(sy_onnx_survey *survey) {
    sy_mem_free(survey->skeleton);
    sy_mem_free(survey->run);
    *survey = (sy_onnx_survey){0};
}
