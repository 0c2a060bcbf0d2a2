/* The ceiling of the arithmetic: every work-item runs register-resident multiply-add chains. */
#include <stdio.h>

#include "backends/opencl/family.h"
#include "runtime/base/error.h"

/* Rounds of all chains in one iteration of the kernel's loop: written out there. */
#define ROUNDS 8u

/* Enough to hide any latency: on processors with registers to spare for two constants, on GPUs beside 16
 * groups a unit. */
#define CPU_CHAINS 12u
#define CPU_GROUPS_A_UNIT 4u
#define GPU_LANES 16u
#define GPU_LOCAL 128u
#define GPU_GROUPS_A_UNIT 16u

/* What a device must have. */
enum { NEEDS_NOTHING, NEEDS_FP64, NEEDS_FP16, NEEDS_DOT };

/* How types are multiplied and added. */
typedef struct arithmetic {
    uint32_t dtype_in, dtype_acc, needs;
    const char *value, *sum; /* types of OpenCL C: in the chains, in memory */
    uint32_t flop;           /* of one step of a chain, an element */
    bool is_emulated;
    const char *chain; /* CHAIN(x, f) of peak.cl */
    const char *kind;  /* for the record */
} arithmetic;

/* The first row that the device can do is taken. Narrow types without arithmetic of their own are widened by
 * whoever multiplies them (bytes are exact in f32, a block of products at a time): f32 is their ceiling. */
static const arithmetic rows[] = {
    {SY_F32, SY_F32, NEEDS_NOTHING, "float", "float", 2, false, "mad(x, a, b)", "mad"},
    {SY_F64, SY_F64, NEEDS_FP64, "double", "double", 2, false, "mad(x, a, b)", "mad"},
    {SY_F16, SY_F16, NEEDS_FP16, "half", "half", 2, false, "mad(x, a, b)", "mad"},
    {SY_F16, SY_F32, NEEDS_NOTHING, "float", "float", 2, true, "mad(x, a, b)", "mad"},
    {SY_BF16, SY_F32, NEEDS_NOTHING, "float", "float", 2, true, "mad(x, a, b)", "mad"},
    {SY_S8, SY_S32, NEEDS_DOT, "int", "int", 8, false, "(dot_4x8packed_ss_int(as_uint(x), as_uint(f)) + x)",
        "dot_4x8packed_ss"},
    {SY_U8, SY_S32, NEEDS_DOT, "int", "int", 8, false, "(dot_4x8packed_us_int(as_uint(x), as_uint(f)) + x)",
        "dot_4x8packed_us"},
    {SY_S8, SY_S32, NEEDS_NOTHING, "float", "int", 2, true, "mad(x, a, b)", "mad"},
    {SY_U8, SY_S32, NEEDS_NOTHING, "float", "int", 2, true, "mad(x, a, b)", "mad"},
};

#define ROWS (sizeof rows / sizeof rows[0])

/* Vectors, groups and lengths. */
typedef struct shape {
    uint32_t width, chains;
    uint64_t local, groups, iterations;
} shape;

/* Compilers for processors build packed dot products of many instructions. */
static bool can(const ocl_traits *traits, uint32_t needs) {
    switch (needs) {
    case NEEDS_FP64: return traits->fp64;
    case NEEDS_FP16: return traits->fp16;
    case NEEDS_DOT: return traits->dot8 && traits->kind != OCL_CPU;
    default: return true;
    }
}

static sy_status find(
    const ocl_traits *traits, const sy_peak_attr *attr, const arithmetic **out_row, sy_error *err) {
    uint32_t missing = NEEDS_NOTHING;
    for (size_t i = 0; i < ROWS; i++) {
        if (rows[i].dtype_in != attr->dtype_in || rows[i].dtype_acc != attr->dtype_acc)
            continue;
        *out_row = &rows[i];
        if (can(traits, rows[i].needs))
            return SY_OK;
        missing = rows[i].needs;
    }
    if (missing != NEEDS_NOTHING)
        return sy_error_set(err, SY_UNSUPPORTED, "%s has no arithmetic in %s: no cl_khr_%s", traits->name,
            sy_dtype_name(attr->dtype_acc), missing == NEEDS_FP64 ? "fp64" : "fp16");
    return sy_error_set(err, SY_UNSUPPORTED, "no function of OpenCL C multiplies %s into %s",
        sy_dtype_name(attr->dtype_in), sy_dtype_name(attr->dtype_acc));
}

static sy_status check(const sy_task *task, sy_error *err) {
    const sy_peak_attr *attr = &task->attr.peak;
    const sy_tensor *sums = sy_task_output(task, 0);
    if (attr->flop == 0 || attr->flop > UINT64_C(1) << 62)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "a peak of 0 or more than 2^62 FLOP");
    bool is_dense = sums->layout == SY_LAYOUT_ANY || sums->dim[0] == 1 ||
                    (sums->layout == SY_LAYOUT_STRIDED && sums->stride[0] == 1);
    if (sums->dtype != attr->dtype_acc || sums->rank != 1 || sums->dim[0] == 0 || !is_dense)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "peak wants a dense output of at least one %s",
            sy_dtype_name(attr->dtype_acc));
    return SY_OK;
}

/* Elements of a processor's vector, as OpenCL C has them: 1, 2, 4, 8 or 16. */
static uint32_t native_width(const ocl_traits *traits, uint32_t element_bytes) {
    uint32_t width = 1, fitting = traits->vector_f32 * 4 / element_bytes;
    while (width < 16 && width * 2 <= fitting)
        width *= 2;
    return width;
}

static shape plan(const ocl_traits *traits, const arithmetic *row, uint64_t flop) {
    shape s = {.width = native_width(traits, (uint32_t)sy_dtype_size(row->dtype_acc)),
        .chains = CPU_CHAINS,
        .local = 1,
        .groups = (uint64_t)traits->units * CPU_GROUPS_A_UNIT};
    if (traits->kind == OCL_GPU) {
        s.width = row->needs == NEEDS_DOT ? 1 : 4; /* dot products are of scalars */
        s.chains = GPU_LANES / s.width;
        s.local = traits->max_work_group < GPU_LOCAL ? traits->max_work_group : GPU_LOCAL;
        s.groups = (uint64_t)traits->units * GPU_GROUPS_A_UNIT;
    }
    if (row->needs == NEEDS_DOT)
        s.width = 1;
    uint64_t group_flop = s.local * s.chains * s.width * ROUNDS * row->flop;
    if (flop / group_flop < s.groups)
        s.groups = flop / group_flop + (flop / group_flop == 0);
    s.iterations = flop / (group_flop * s.groups) + (flop % (group_flop * s.groups) != 0);
    return s;
}

static void define(ocl_recipe *recipe, const arithmetic *row, const shape *s) {
    if (row->needs == NEEDS_FP64 || row->needs == NEEDS_FP16)
        ocl_define(recipe, "#define NEEDS_%s\n", row->needs == NEEDS_FP64 ? "FP64" : "FP16");
    ocl_define(recipe, "#define VALUE %s\n#define SUM %s\n#define WIDTH %u\n#define LOCAL %u\n", row->value,
        row->sum, s->width, (uint32_t)s->local);
    if (s->width > 1)
        ocl_define(recipe, "#define WIDE %s%u\n#define STORE_WIDE(v, p) vstore%u(v, 0, p)\n", row->value,
            s->width, s->width);
    else
        ocl_define(recipe, "#define WIDE %s\n#define STORE_WIDE(v, p) (*(p) = (v))\n", row->value);
    ocl_define(recipe, "#define IS_INTEGER %d\n#define CHAIN(x, f) %s\n#define CHAINS(DO)",
        row->needs == NEEDS_DOT, row->chain);
    for (uint32_t j = 0; j < s->chains; j++)
        ocl_define(recipe, " DO(%u)", j);
    ocl_define(recipe, "\n");
}

static sy_status cook(const ocl_request *request, ocl_recipe *recipe, sy_error *err) {
    const sy_task *task = request->task;
    const sy_peak_attr *attr = &task->attr.peak;
    const arithmetic *row = NULL;
    if (task->variant != 0)
        return sy_error_set(err, SY_UNAVAILABLE, "peak has no variants");
    sy_status status = find(request->traits, attr, &row, err);
    if (status == SY_OK)
        status = check(task, err);
    if (status != SY_OK)
        return status;
    const shape s = plan(request->traits, row, attr->flop);
    define(recipe, row, &s);
    ocl_source(recipe, "peak");
    ocl_step *step = ocl_step_add(recipe, "peak");
    ocl_step_groups(step, (const uint64_t[3]){s.groups, 1, 1}, (const uint64_t[3]){s.local, 1, 1});
    ocl_arg_operand(step, task->n_in, attr->dtype_acc);
    ocl_arg_long(step, sy_task_output(task, 0)->dim[0]);
    ocl_arg_long(step, (int64_t)s.iterations);
    ocl_arg_float(step, 0.75);
    ocl_arg_float(step, 0.25);
    ocl_arg_int(step, 0x01020301);
    recipe->flags |= SY_ALGO_DETERMINISTIC | (row->is_emulated ? SY_ALGO_EMULATED : 0u);
    recipe->flop_ratio = (double)s.iterations * (double)s.groups *
                         (double)(s.local * s.chains * s.width * ROUNDS * row->flop) / (double)attr->flop;
    snprintf(recipe->implementation, sizeof recipe->implementation, "%u chains of %s%.0u, %s", s.chains,
        row->value, s.width > 1 ? s.width : 0, row->kind);
    return SY_OK;
}

const ocl_family ocl_peak = {.name = "peak", .ops = 1u << SY_OP_PEAK, .cook = cook};
