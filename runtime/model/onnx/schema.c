#include "runtime/model/onnx/schema.h"

#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* protobuf-c tells no difference between a lack of memory and a damaged message: its allocator does. */
static void *take(void *data, size_t bytes) {
    bool *has_failed = data;
    void *memory = sy_mem_alloc(bytes);
    *has_failed = *has_failed || memory == NULL;
    return memory;
}

static void give(void *data, void *memory) {
    (void)data;
    sy_mem_free(memory);
}

static ProtobufCAllocator allocator(bool *has_failed) {
    return (ProtobufCAllocator){.alloc = take, .free = give, .allocator_data = has_failed};
}

static const uint8_t *bytes_of(const sy_onnx_survey *survey) {
    return survey->skeleton != NULL ? survey->skeleton : (const uint8_t *)"";
}

static sy_status judge(const void *message, bool has_failed, sy_error *err) {
    if (message != NULL)
        return SY_OK;
    return has_failed ? sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for its messages")
                      : sy_error_set(err, SY_INVALID_ARGUMENT, "damaged: its messages cannot be parsed");
}

sy_status sy_schema_model(const sy_onnx_survey *survey, SyPb__Model **out_model, sy_error *err) {
    bool has_failed = false;
    ProtobufCAllocator seam = allocator(&has_failed);
    *out_model = sy_pb__model__unpack(&seam, survey->skeleton_bytes, bytes_of(survey));
    return judge(*out_model, has_failed, err);
}

sy_status sy_schema_tensor(const sy_onnx_survey *survey, SyPb__Tensor **out_tensor, sy_error *err) {
    bool has_failed = false;
    ProtobufCAllocator seam = allocator(&has_failed);
    *out_tensor = sy_pb__tensor__unpack(&seam, survey->skeleton_bytes, bytes_of(survey));
    return judge(*out_tensor, has_failed, err);
}

void sy_schema_free_model(SyPb__Model *model) {
    bool has_failed = false;
    ProtobufCAllocator seam = allocator(&has_failed);
    if (model != NULL)
        sy_pb__model__free_unpacked(model, &seam);
}

void sy_schema_free_tensor(SyPb__Tensor *tensor) {
    bool has_failed = false;
    ProtobufCAllocator seam = allocator(&has_failed);
    if (tensor != NULL)
        sy_pb__tensor__free_unpacked(tensor, &seam);
}
