/* Trials of what works element by element: which numbers the operations have. */
#include <math.h>
#include <string.h>

#include "backends/cambricon/op_tensor.h"
#include "backends/cambricon/tensor.h"
#include "backends/cambricon/trial_memory.h"
#include "runtime/base/error.h"

enum { ROWS = 2, COLUMNS = 4, ELEMENTS = ROWS * COLUMNS, NUMBERS = 4 };

static const float first[ELEMENTS] = {-2.0f, -0.5f, 0.0f, 0.25f, 3.0f, -7.0f, 8.0f, 1.0f};
static const float second[COLUMNS] = {1.0f, -3.0f, 0.5f, 4.0f};

/* In place over `data`, described by desc[0], with the broadcast operand desc[1]. */
static int operate(
    sy_device *device, int number, void *const desc[2], cambricon_trial_memory *memory, void *data) {
    const cambricon_libraries *libraries = cambricon_libraries_of(device);
    void *handle = cambricon_device_of(device)->asker, *op = NULL;
    void *other = cambricon_trial_give(memory, second, sizeof second);
    size_t bytes = 0;
    int code = cambricon_op_tensor_make(libraries, number, &op);
    if (code == 0)
        code = cambricon_op_tensor_workspace(libraries, handle, op, desc[0], desc[1], desc[0], &bytes);
    void *workspace = code == 0 ? cambricon_trial_give(memory, NULL, bytes) : NULL;
    if (code == 0)
        code = memory->code;
    if (code == 0)
        code = cambricon_op_tensor_run(libraries, handle,
            &(cambricon_op_tensor){.desc = op,
                .a_desc = desc[0],
                .b_desc = desc[1],
                .c_desc = desc[0],
                .a = data,
                .b = other,
                .c = data,
                .workspace = workspace,
                .workspace_bytes = bytes,
                .factor = 1.0f});
    cambricon_op_tensor_free(libraries, op);
    return code;
}

static int activate(sy_device *device, int number, void *desc, void *data) {
    const cambricon_libraries *libraries = cambricon_libraries_of(device);
    void *activation = NULL;
    int code = cambricon_activation_make(libraries, number, &activation);
    if (code == 0)
        code =
            cambricon_activation_run(libraries, cambricon_device_of(device)->asker, activation, desc, data);
    cambricon_activation_free(libraries, activation);
    return code;
}

/* Run operation `number` of the question over `values`. Returns a code. */
static int run(sy_device *device, cambricon_question question, int number, float values[ELEMENTS]) {
    const cambricon_libraries *libraries = cambricon_libraries_of(device);
    const cambricon_shape whole = {CAMBRICON_ARRAY, SY_F32, 2, {ROWS, COLUMNS}};
    const cambricon_shape row = {CAMBRICON_ARRAY, SY_F32, 2, {1, COLUMNS}};
    cambricon_trial_memory memory;
    void *desc[2] = {NULL, NULL};
    cambricon_trial_begin(device, &memory);
    int code = cambricon_tensor_make(libraries, &whole, &desc[0]);
    if (code == 0)
        code = cambricon_tensor_make(libraries, &row, &desc[1]);
    void *data = cambricon_trial_give(&memory, values, sizeof first);
    if (code == 0)
        code = memory.code;
    if (code == 0)
        code = question == CAMBRICON_RELU ? activate(device, number, desc[0], data)
                                          : operate(device, number, desc, &memory, data);
    if (memory.code == 0)
        memory.code = code;
    cambricon_trial_take(&memory, values, data, sizeof first);
    code = cambricon_trial_end(&memory);
    cambricon_tensor_free(libraries, desc[0]);
    cambricon_tensor_free(libraries, desc[1]);
    return code;
}

static bool is_right(
    cambricon_question question, const float values[ELEMENTS], const float before[ELEMENTS]) {
    for (int i = 0; i < ELEMENTS; i++) {
        float other = second[i % COLUMNS];
        float wanted = question == CAMBRICON_ADD        ? before[i] + other
                       : question == CAMBRICON_MULTIPLY ? before[i] * other
                       : before[i] < 0.0f               ? 0.0f
                                                        : before[i];
        if (isnan(wanted) ? !isnan(values[i]) : values[i] != wanted)
            return false;
    }
    return true;
}

/* NaN has to stay NaN, for relu too. */
sy_status cambricon_try_element(
    sy_device *device, cambricon_question question, cambricon_finding *out_finding, sy_error *err) {
    float before[ELEMENTS], values[ELEMENTS];
    int code = 0;
    memcpy(before, first, sizeof before);
    before[2] = NAN;
    for (int number = 0; number < NUMBERS; number++) {
        memcpy(values, before, sizeof values);
        code = run(device, question, number, values);
        sy_status status = code != 0 ? sy_card_code_error(device, code, err, "a trial") : SY_OK;
        if (status == SY_LOST || status == SY_OUT_OF_MEMORY)
            return status;
        out_finding->number = number;
        if (status == SY_OK && is_right(question, values, before))
            return SY_OK;
    }
    return sy_error_set(err, SY_UNSUPPORTED, "no number from 0 to %d makes CNNL's operation a %s",
        NUMBERS - 1,
        question == CAMBRICON_ADD        ? "sum"
        : question == CAMBRICON_MULTIPLY ? "product"
                                         : "relu");
}
