/* Reads one of ONNX's backend test cases: protocol buffers wire format, the fields of one-node models. */
#include "tests/support/onnx_case.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A piece of a message, and whether all was well so far. */
typedef struct reader {
    const uint8_t *at, *end;
} reader;

/* One field of a message: a number for wire types 0, 1 and 5, a piece for type 2. */
typedef struct field {
    uint32_t number, wire;
    uint64_t value;
    reader piece;
} field;

static bool read_varint(reader *from, uint64_t *out_value) {
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && from->at < from->end; shift += 7) {
        uint8_t byte = *from->at++;
        value |= (uint64_t)(byte & 0x7f) << shift;
        if ((byte & 0x80) == 0) {
            *out_value = value;
            return true;
        }
    }
    return false;
}

static bool read_fixed(reader *from, size_t bytes, uint64_t *out_value) {
    if ((size_t)(from->end - from->at) < bytes)
        return false;
    *out_value = 0;
    memcpy(out_value, from->at, bytes); /* little-endian hosts only, as all of ours */
    from->at += bytes;
    return true;
}

static bool read_field(reader *from, field *out_field) {
    uint64_t tag = 0, length = 0;
    *out_field = (field){0};
    if (from->at >= from->end || !read_varint(from, &tag))
        return false;
    out_field->number = (uint32_t)(tag >> 3);
    out_field->wire = (uint32_t)(tag & 7);
    switch (out_field->wire) {
    case 0: return read_varint(from, &out_field->value);
    case 1: return read_fixed(from, 8, &out_field->value);
    case 5: return read_fixed(from, 4, &out_field->value);
    case 2:
        if (!read_varint(from, &length) || length > (uint64_t)(from->end - from->at))
            return false;
        out_field->piece = (reader){.at = from->at, .end = from->at + length};
        from->at += length;
        return true;
    default: return false;
    }
}

static size_t piece_bytes(const reader *piece) {
    return (size_t)(piece->end - piece->at);
}

static void copy_text(const reader *piece, char *out_text, size_t capacity) {
    snprintf(out_text, capacity, "%.*s", (int)piece_bytes(piece), (const char *)piece->at);
}

static double float_of(uint64_t bits) {
    uint32_t low = (uint32_t)bits;
    float value;
    memcpy(&value, &low, sizeof value);
    return (double)value;
}

/* A repeated integer, packed or not. */
static bool read_ints(const field *from, int64_t *values, size_t capacity, size_t *count) {
    reader piece = from->piece;
    uint64_t value = from->value;
    if (from->wire == 0) {
        if (*count >= capacity)
            return false;
        values[(*count)++] = (int64_t)value;
        return true;
    }
    while (piece.at < piece.end) {
        if (*count >= capacity || !read_varint(&piece, &value))
            return false;
        values[(*count)++] = (int64_t)value;
    }
    return true;
}

/* ONNX element types that the cases use. */
enum { ONNX_FLOAT = 1, ONNX_UINT8 = 2, ONNX_INT8 = 3, ONNX_INT32 = 6 };

static double element_at(const uint8_t *raw, size_t index, int64_t type) {
    int32_t number;
    switch (type) {
    case ONNX_UINT8: return (double)raw[index];
    case ONNX_INT8: return (double)(int8_t)raw[index];
    case ONNX_INT32: memcpy(&number, raw + 4 * index, sizeof number); return (double)number;
    default: {
        uint64_t bits = 0;
        memcpy(&bits, raw + 4 * index, 4);
        return float_of(bits);
    }
    }
}

/* TensorProto: dims 1, data_type 2, float_data 4 (packed), raw_data 9. Other places for data are not used. */
static bool read_tensor(reader from, onnx_tensor *out_tensor) {
    field part;
    reader raw = {0};
    int64_t type = 0;
    while (read_field(&from, &part)) {
        if (part.number == 1 && !read_ints(&part, out_tensor->dim, ONNX_MAX_RANK, &out_tensor->rank))
            return false;
        if (part.number == 2)
            type = (int64_t)part.value;
        if ((part.number == 4 && part.wire == 2) || part.number == 9)
            raw = part.piece;
    }
    size_t bytes = type == ONNX_FLOAT || type == ONNX_INT32 ? 4 : type == ONNX_UINT8 || type == ONNX_INT8;
    out_tensor->count = 1;
    for (size_t i = 0; i < out_tensor->rank; i++)
        out_tensor->count *= (size_t)out_tensor->dim[i];
    if (bytes == 0 || out_tensor->count > 1u << 20 || piece_bytes(&raw) != out_tensor->count * bytes)
        return false;
    out_tensor->values = calloc(out_tensor->count + 1, sizeof(double));
    for (size_t i = 0; out_tensor->values != NULL && i < out_tensor->count; i++)
        out_tensor->values[i] = element_at(raw.at, i, type);
    return out_tensor->values != NULL;
}

/* AttributeProto: name 1, f 2, i 3, s 4, ints 8. */
static bool read_attribute(reader from, onnx_attribute *out_attribute) {
    field part;
    while (read_field(&from, &part)) {
        switch (part.number) {
        case 1: copy_text(&part.piece, out_attribute->name, sizeof out_attribute->name); break;
        case 2: out_attribute->f = float_of(part.value); break;
        case 3: out_attribute->i = (int64_t)part.value; break;
        case 4: copy_text(&part.piece, out_attribute->text, sizeof out_attribute->text); break;
        case 8:
            if (!read_ints(&part, out_attribute->ints, ONNX_MAX_INTS, &out_attribute->int_count))
                return false;
            break;
        default: break;
        }
    }
    return from.at == from.end;
}

/* NodeProto: op_type 4, attribute 5. */
static bool read_node(reader from, onnx_case *out_case) {
    field part;
    while (read_field(&from, &part)) {
        if (part.number == 4)
            copy_text(&part.piece, out_case->op, sizeof out_case->op);
        if (part.number != 5)
            continue;
        if (out_case->attribute_count >= ONNX_MAX_ATTRIBUTES ||
            !read_attribute(part.piece, &out_case->attribute[out_case->attribute_count++]))
            return false;
    }
    return from.at == from.end;
}

/* ModelProto: graph 7; GraphProto: node 1. */
static bool read_model(reader from, onnx_case *out_case) {
    field model, graph;
    while (read_field(&from, &model)) {
        reader nodes = model.piece;
        while (model.number == 7 && read_field(&nodes, &graph))
            if (graph.number == 1 && !read_node(graph.piece, out_case))
                return false;
    }
    return from.at == from.end && out_case->op[0] != '\0';
}

/* A whole file of at most 4 MiB; NULL if it cannot be read. The caller frees. */
static uint8_t *read_file(const char *folder, const char *name, size_t *out_bytes) {
    enum { FILE_MAX = 4 << 20 };
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return NULL;
    uint8_t *data = malloc(FILE_MAX);
    *out_bytes = data != NULL ? fread(data, 1, FILE_MAX, file) : 0;
    fclose(file);
    return data;
}

static bool load_tensor(const char *folder, const char *name, onnx_tensor *out_tensor) {
    size_t bytes = 0;
    uint8_t *data = read_file(folder, name, &bytes);
    bool is_read = data != NULL && read_tensor((reader){.at = data, .end = data + bytes}, out_tensor);
    free(data);
    return is_read;
}

bool onnx_case_load(const char *folder, onnx_case *out_case) {
    size_t bytes = 0;
    *out_case = (onnx_case){0};
    uint8_t *data = read_file(folder, "model.onnx", &bytes);
    bool is_read = data != NULL && read_model((reader){.at = data, .end = data + bytes}, out_case);
    free(data);
    while (is_read && out_case->input_count < ONNX_MAX_INPUTS) {
        char name[64];
        snprintf(name, sizeof name, "test_data_set_0/input_%zu.pb", out_case->input_count);
        if (!load_tensor(folder, name, &out_case->input[out_case->input_count]))
            break;
        out_case->input_count++;
    }
    is_read = is_read && out_case->input_count > 0 &&
              load_tensor(folder, "test_data_set_0/output_0.pb", &out_case->output);
    if (!is_read)
        onnx_case_free(out_case);
    return is_read;
}

void onnx_case_free(onnx_case *loaded) {
    for (size_t i = 0; i < ONNX_MAX_INPUTS; i++)
        free(loaded->input[i].values);
    free(loaded->output.values);
    *loaded = (onnx_case){0};
}

const onnx_attribute *onnx_case_find(const onnx_case *loaded, const char *name) {
    for (size_t i = 0; i < loaded->attribute_count; i++)
        if (strcmp(loaded->attribute[i].name, name) == 0)
            return &loaded->attribute[i];
    return NULL;
}
