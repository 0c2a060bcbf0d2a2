/* Ports of an offline model, as far as the interface has words for them. */
#include <stdio.h>
#include <string.h>

#include "backends/ascend/model.h"
#include "backends/ascend/numbers.h"
#include "runtime/base/checked.h"
#include "runtime/base/error.h"
#include "steelyard/model.h"

static const struct {
    int type;
    uint32_t dtype, bytes;
} types[] = {{ACL_TYPE_F32, SY_F32, 4}, {ACL_TYPE_F16, SY_F16, 2}, {ACL_TYPE_S8, SY_S8, 1},
    {ACL_TYPE_S32, SY_S32, 4}, {ACL_TYPE_U8, SY_U8, 1}, {ACL_TYPE_S16, SY_S16, 2}, {ACL_TYPE_U16, SY_U16, 2},
    {ACL_TYPE_U32, SY_U32, 4}, {ACL_TYPE_S64, SY_S64, 8}, {ACL_TYPE_U64, SY_U64, 8},
    {ACL_TYPE_F64, SY_F64, 8}, {ACL_TYPE_BOOL, SY_BOOL, 1}, {ACL_TYPE_BF16, SY_BF16, 2}};

/* Orders in which all elements lie as the extents say, without gaps. */
static const int plain_orders[] = {ACL_ORDER_NCHW, ACL_ORDER_NHWC, ACL_ORDER_ND, ACL_ORDER_HWCN,
    ACL_ORDER_NDHWC, ACL_ORDER_NCDHW, ACL_ORDER_NCL};

/* What CANN says of one port. */
typedef struct facts {
    ascend_model_dims dims;
    const char *name;
    int type, order;
    uint64_t bytes;
} facts;

static sy_status refuse(const sy_model *model, const sy_model_port *port, const char *why, sy_error *err) {
    return sy_error_set(err, SY_UNSUPPORTED, SY_CARD_ID_FORMAT ": %s '%s' of the model %s",
        SY_CARD_ID(model->device), port->is_output != 0 ? "output" : "input", port->name, why);
}

static sy_status ask(const sy_model *model, bool is_output, size_t index, facts *out, sy_error *err) {
    const ascend_model_api *api = &ascend_libraries_of(model->device)->model;
    void *about = model->description;
    memset(out, 0, sizeof *out);
    int code = is_output ? api->mdlGetOutputDims(about, index, &out->dims)
                         : api->mdlGetInputDims(about, index, &out->dims);
    if (code != 0)
        return sy_card_fail(model->device, code, err, "extents of a port");
    out->name =
        is_output ? api->mdlGetOutputNameByIndex(about, index) : api->mdlGetInputNameByIndex(about, index);
    out->type = is_output ? api->mdlGetOutputDataType(about, index) : api->mdlGetInputDataType(about, index);
    out->order = is_output ? api->mdlGetOutputFormat(about, index) : api->mdlGetInputFormat(about, index);
    out->bytes =
        is_output ? api->mdlGetOutputSizeByIndex(about, index) : api->mdlGetInputSizeByIndex(about, index);
    return SY_OK;
}

static bool is_plain(int order) {
    for (size_t i = 0; i < sizeof plain_orders / sizeof plain_orders[0]; i++)
        if (plain_orders[i] == order)
            return true;
    return false;
}

/* Bytes by the extents; false beyond 64 bits. */
static bool take_extents(const facts *f, uint64_t size, sy_model_port *port, uint64_t *out_bytes) {
    *out_bytes = size;
    port->rank = (uint32_t)f->dims.count;
    memcpy(port->dim, f->dims.dim, f->dims.count * sizeof port->dim[0]);
    for (uint32_t i = 0; i < port->rank; i++)
        if (!sy_mul_u64(*out_bytes, (uint64_t)port->dim[i], out_bytes))
            return false;
    return true;
}

static sy_status read_port(sy_model *model, uint32_t index, sy_error *err) {
    char why[160];
    facts f;
    size_t row = 0;
    sy_model_port *port = &model->port[index];
    bool is_output = index >= model->n_in;
    sy_status status = ask(model, is_output, is_output ? index - model->n_in : index, &f, err);
    if (status != SY_OK)
        return status;
    *port = (sy_model_port){.size = sizeof *port, .is_output = is_output};
    snprintf(port->name, sizeof port->name, "%s", f.name != NULL ? f.name : "");
    while (row < sizeof types / sizeof types[0] && types[row].type != f.type)
        row++;
    if (row == sizeof types / sizeof types[0] || f.dims.count > SY_MAX_RANK) {
        snprintf(why, sizeof why, "is of CANN's type %d with %zu extents", f.type, f.dims.count);
        return refuse(model, port, why, err);
    }
    port->dtype = types[row].dtype;
    for (size_t i = 0; i < f.dims.count; i++)
        if (f.dims.dim[i] <= 0)
            return refuse(model, port, "has extents that are open: make it with fixed ones (atc)", err);
    if (!is_plain(f.order))
        return refuse(model, port, "is in a layout of the chip's own: make it with a plain one (atc)", err);
    bool is_known = take_extents(&f, types[row].bytes, port, &model->bytes[index]);
    if (is_known && model->bytes[index] == f.bytes)
        return SY_OK;
    snprintf(why, sizeof why, "takes %llu bytes, not as many as its extents say (is it made with AIPP?)",
        (unsigned long long)f.bytes);
    return refuse(model, port, why, err);
}

sy_status ascend_model_read_ports(sy_model *model, sy_error *err) {
    const ascend_model_api *api = &ascend_libraries_of(model->device)->model;
    model->description = api->mdlCreateDesc();
    int code =
        model->description != NULL ? api->mdlGetDesc(model->description, model->id) : ASCEND_OWN_NO_OBJECT;
    if (code != 0)
        return sy_card_fail(model->device, code, err, "description of the model");
    size_t n_in = api->mdlGetNumInputs(model->description), n_out = api->mdlGetNumOutputs(model->description);
    if (n_in > ASCEND_PORTS_MAX || n_out > ASCEND_PORTS_MAX - n_in || n_out == 0)
        return sy_error_set(err, SY_UNSUPPORTED,
            SY_CARD_ID_FORMAT ": %zu inputs and %zu outputs; at most %d, and an output",
            SY_CARD_ID(model->device), n_in, n_out, ASCEND_PORTS_MAX);
    model->n_in = (uint32_t)n_in;
    model->n_out = (uint32_t)n_out;
    sy_status status = SY_OK;
    for (uint32_t i = 0; status == SY_OK && i < model->n_in + model->n_out; i++)
        status = read_port(model, i, err);
    return status;
}
