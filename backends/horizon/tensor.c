#include "backends/horizon/tensor.h"

#include <stdio.h>
#include <string.h>

#include "backends/horizon/facts.h"
#include "runtime/base/checked.h"

/* Rows of images begin at multiples of 16; strides that are left open want 32, or 64 on some chips. */
enum { IMAGE_ROW = 16, OPEN_ROW = 64 };

size_t horizon_form_properties(uint32_t form) {
    return form == HORIZON_FORM_EARLY ? HORIZON_EARLY_PROPERTIES
           : form == HORIZON_FORM_DNN ? HORIZON_DNN_PROPERTIES
                                      : HORIZON_UCP_PROPERTIES;
}

size_t horizon_form_tensor(uint32_t form) {
    size_t memories = form == HORIZON_FORM_UCP ? HORIZON_UCP_MEMORIES : HORIZON_DNN_MEMORIES;
    return memories * sizeof(horizon_memory) + horizon_form_properties(form);
}

/* Bytes of all elements without gaps, of all with them, and up to the end of the last. */
static bool sum_up(const horizon_tensor *t, uint64_t *out_dense, uint64_t *out_full, uint64_t *out_last) {
    *out_dense = *out_full = *out_last = t->element_bytes;
    for (uint32_t i = 0; i < t->rank; i++) {
        uint64_t count = (uint64_t)t->dim[i], stride = (uint64_t)t->stride[i], all = 0;
        if (!sy_mul_u64(*out_dense, count, out_dense) || !sy_mul_u64(stride, count, &all) ||
            !sy_add_u64(*out_last, all - stride, out_last))
            return false;
        *out_full = all > *out_full ? all : *out_full;
    }
    return true;
}

/* Sizes by the strides, held against the bytes that are told (0 and below: none); elements must not overlap.
 */
static bool measure(horizon_tensor *t, int64_t told_bytes) {
    uint64_t step = t->element_bytes, full = 0, last = 0;
    const uint64_t told = told_bytes > 0 ? (uint64_t)told_bytes : 0;
    if (!sum_up(t, &t->dense_bytes, &full, &last))
        return false;
    t->is_dense = true;
    for (uint32_t i = t->rank; i-- > 0;) {
        if (t->dim[i] == 1)
            continue;
        if ((uint64_t)t->stride[i] < step)
            return false;
        t->is_dense = t->is_dense && (uint64_t)t->stride[i] == step;
        step = (uint64_t)t->stride[i] * (uint64_t)t->dim[i];
    }
    if (told != 0 && told < last && t->sort == HORIZON_SORT_PLAIN)
        return false;
    t->bytes = told != 0 && (told >= full || t->sort == HORIZON_SORT_PLAIN) ? told : full;
    return true;
}

/* An image's rows, and its planes as one of more rows: [1, rows, width]. */
static bool take_image(horizon_raw *raw, const horizon_facts *f, horizon_tensor *t) {
    const int width_at = f->layout == HORIZON_NHWC ? 2 : 3;
    horizon_dnn_properties p;
    if (f->rank != 4 || f->layout == HORIZON_NO_LAYOUT || f->dim[0] != 1)
        return false;
    const int64_t height = f->dim[width_at - 1], width = f->dim[width_at];
    const bool has_chroma = t->sort == HORIZON_SORT_NV12;
    if (has_chroma && (height % 2 != 0 || width % 2 != 0))
        return false;
    const int64_t row = (width + IMAGE_ROW - 1) / IMAGE_ROW * IMAGE_ROW;
    const int64_t rows = has_chroma ? height / 2 * 3 : height;
    t->rank = 3;
    memcpy(t->dim, (int64_t[]){1, rows, width}, 3 * sizeof t->dim[0]);
    memcpy(t->stride, (int64_t[]){rows * row, row, 1}, 3 * sizeof t->stride[0]);
    /* The library goes by the aligned extents: they are the user's to set. */
    memcpy(&p, raw->byte, sizeof p);
    p.aligned = p.valid;
    p.aligned.dim[width_at] = (int32_t)row;
    memcpy(raw->byte, &p, HORIZON_EARLY_PROPERTIES);
    return true;
}

/* Strides as told, or by the aligned extents; false beyond 63 bits. */
static bool take_strides(const horizon_facts *f, horizon_tensor *t) {
    int64_t step = t->element_bytes;
    for (uint32_t i = t->rank; i-- > 0;) {
        bool is_told = f->has_strides && f->stride[i] != 0, is_open = f->has_strides && f->stride[i] == -1;
        bool is_row = i + 1 < t->rank;
        t->stride[i] = is_told && !is_open ? f->stride[i] : step;
        if (is_open && is_row && !sy_add_i64(step, (OPEN_ROW - step % OPEN_ROW) % OPEN_ROW, &t->stride[i]))
            return false;
        if (!sy_mul_i64(t->stride[i], is_told || !f->has_aligned ? t->dim[i] : f->aligned[i], &step))
            return false;
    }
    return true;
}

static void fill_open(horizon_raw *raw, const horizon_facts *f, horizon_tensor *t) {
    horizon_ucp_properties p;
    if (f->form != HORIZON_FORM_UCP)
        return;
    memcpy(&p, raw->byte, sizeof p);
    for (uint32_t i = 0; i < t->rank; i++)
        p.stride[i] = t->stride[i];
    p.aligned_bytes = (int64_t)t->bytes;
    memcpy(raw->byte, &p, sizeof p);
}

static sy_status say(sy_status status, char *why, size_t capacity, const char *text) {
    snprintf(why, capacity, "%s", text);
    return status;
}

static sy_status take_plain(
    horizon_raw *raw, const horizon_facts *f, horizon_tensor *t, char *why, size_t capacity) {
    t->rank = (uint32_t)f->rank;
    memcpy(t->dim, f->dim, t->rank * sizeof t->dim[0]);
    if (!take_strides(f, t) || !measure(t, f->aligned_bytes))
        return say(SY_INCOMPATIBLE, why, capacity,
            "has strides and bytes that contradict its extents: this version of the library tells them in a "
            "way that is not known");
    fill_open(raw, f, t);
    return SY_OK;
}

/* What there are no words for. */
static sy_status check(const horizon_facts *f, const horizon_type *type, char *why, size_t capacity) {
    if (type->bytes == 0 || f->rank > (int32_t)SY_MAX_RANK) {
        snprintf(
            why, capacity, "is of Horizon's type %s with %d extents, which is not done", type->name, f->rank);
        return SY_UNSUPPORTED;
    }
    for (int32_t i = 0; i < f->rank; i++)
        if (f->dim[i] < 0)
            return say(
                SY_UNSUPPORTED, why, capacity, "has extents that are open: compile it with fixed ones");
    return SY_OK;
}

sy_status horizon_tensor_read(
    horizon_raw *raw, bool is_ucp, horizon_tensor *out_tensor, char *why, size_t capacity) {
    horizon_facts f;
    memset(out_tensor, 0, sizeof *out_tensor);
    if (!horizon_facts_read(raw, is_ucp, &f, why, capacity))
        return SY_INCOMPATIBLE;
    const horizon_type *type = horizon_facts_type(&f);
    *out_tensor = (horizon_tensor){
        .form = f.form, .sort = type->sort, .dtype = type->dtype, .element_bytes = type->bytes};
    sy_status status = check(&f, type, why, capacity);
    if (status != SY_OK)
        return status;
    if (type->sort == HORIZON_SORT_PLAIN)
        return take_plain(raw, &f, out_tensor, why, capacity);
    if (take_image(raw, &f, out_tensor) && measure(out_tensor, f.aligned_bytes))
        return SY_OK;
    return say(SY_UNSUPPORTED, why, capacity,
        "is an image that is not done: not a single one, or of an odd size, or without an order");
}

/* Bytes that lie together at the end of the extents, and how many extents are outside of them. */
static uint64_t find_run(const horizon_tensor *t, uint32_t *out_outer) {
    uint64_t run = t->element_bytes;
    uint32_t outer = t->rank;
    while (outer > 0 && (t->dim[outer - 1] == 1 || (uint64_t)t->stride[outer - 1] == run))
        run *= (uint64_t)t->dim[--outer];
    *out_outer = outer;
    return run;
}

void horizon_tensor_move(
    const horizon_tensor *tensor, unsigned char *inside, unsigned char *outside, bool is_input) {
    int64_t at[SY_MAX_RANK] = {0};
    uint32_t outer = 0;
    const uint64_t run = find_run(tensor, &outer);
    for (uint64_t done = 0; done < tensor->dense_bytes; done += run) {
        uint64_t offset = 0;
        for (uint32_t i = 0; i < outer; i++)
            offset += (uint64_t)(at[i] * tensor->stride[i]);
        memcpy(is_input ? inside + offset : outside + done, is_input ? outside + done : inside + offset, run);
        for (uint32_t i = outer; i-- > 0 && ++at[i] == tensor->dim[i];)
            at[i] = 0;
    }
}
