/* Posts as text. A stride of 0 or 1 is part of the program, any other one an argument: few programs serve
 * all. */
#include "backends/opencl/post.h"

#include <stdio.h>
#include <string.h>

/* How `x`, of type T, goes through a post without an operand. */
static const struct {
    uint32_t kind;
    const char *text;
} steps[] = {
    {SY_POST_RELU, "x = x < (T)(0) ? (T)(0) : x;"},
    {SY_POST_SILU, "x = x / ((T)(1) + exp(-x));"},
    {SY_POST_GELU_ERF, "x = x * (T)(REAL_C(0.5)) * erfc(-x * (T)(REAL_C(0.70710678118654752440)));"},
    {SY_POST_GELU_TANH, "x = x * (T)(REAL_C(0.5)) * ((T)(1) + tanh((T)(REAL_C(0.79788456080286535588)) * (x "
                        "+ (T)(REAL_C(0.044715)) * x * x * "
                        "x)));"},
    {SY_POST_SIGMOID, "x = (T)(1) / ((T)(1) + exp(-x));"},
    {SY_POST_TANH, "x = tanh(x);"},
};

static bool is_float_work(const ocl_contraction *c) {
    return c->acc_dtype != SY_S32 || c->d.dtype != SY_S32;
}

static bool has_operand(const ocl_post *post) {
    return post->operand.tensor != SY_NO_OPERAND;
}

/* "(long)(row) * p0_row + (long)(col)": the place of an element, with what is known of the strides. */
static void print_index(char *out, size_t capacity, const char *name, const ocl_matrix *matrix) {
    char row[48] = "0", col[48] = "0";
    if (matrix->row_stride == 1)
        snprintf(row, sizeof row, "(long)(row)");
    else if (matrix->row_stride != 0)
        snprintf(row, sizeof row, "(long)(row) * %s_row", name);
    if (matrix->col_stride == 1)
        snprintf(col, sizeof col, "(long)(col)");
    else if (matrix->col_stride != 0)
        snprintf(col, sizeof col, "(long)(col) * %s_col", name);
    snprintf(out, capacity, "%s + %s", row, col);
}

/* Whether VW elements of a row are VW neighbours, or all the same. */
static bool is_row_vector(const ocl_matrix *matrix) {
    return matrix->col_stride == 0 || matrix->col_stride == 1;
}

static bool finishes_vectors(const ocl_contraction *c) {
    bool all = c->d.col_stride == 1 && (!c->has_c || is_row_vector(&c->c));
    for (uint32_t i = 0; i < c->n_post; i++)
        all = all && (!has_operand(&c->post[i]) || is_row_vector(&c->post[i].operand));
    return all;
}

static void define_operand(ocl_recipe *recipe, const char *name, const ocl_matrix *matrix) {
    char index[128];
    print_index(index, sizeof index, name, matrix);
    ocl_define_load(recipe, name, matrix->dtype);
    ocl_define(recipe, "#define %s_AT(row, col) (%s)\n", name, index);
    if (matrix->col_stride == 0) /* one value for all of the vector */
        ocl_define(recipe, "#define %s_GETV(row, col) ((REALV)(%s_LOAD(%s, %s_AT(row, col))))\n", name, name,
            name, name);
    else
        ocl_define(recipe, "#define %s_GETV(row, col) REALV_OF(%s_LOADV(%s, %s_AT(row, col)))\n", name, name,
            name, name);
    ocl_define(
        recipe, "#define %s_GET(row, col) ((REAL)%s_LOAD(%s, %s_AT(row, col)))\n", name, name, name, name);
}

static void define_params(ocl_recipe *recipe, const ocl_contraction *c) {
    ocl_define(recipe,
        "#define MATRIX_PARAMS(T, p) T *p, const ulong p##_first, const long p##_row, const long p##_col, "
        "const "
        "long p##_outer, const long p##_inner\n#define FINISH_PARAMS MATRIX_PARAMS(global D_T, d)");
    if (c->has_c)
        ocl_define(recipe, ", MATRIX_PARAMS(global const C_T, C)");
    for (uint32_t i = 0; i < c->n_post; i++)
        if (has_operand(&c->post[i]))
            ocl_define(recipe, ", MATRIX_PARAMS(global const P%u_T, P%u)", i, i);
    ocl_define(recipe, ", const REAL alpha, const REAL beta\n");
    ocl_define(recipe,
        "#define MOVE(p, outer, inner) p += p##_first + (outer) * p##_outer + (inner) * p##_inner\n"
        "#define FINISH_BEGIN(outer, inner) MOVE(d, outer, inner)");
    if (c->has_c)
        ocl_define(recipe, "; MOVE(C, outer, inner)");
    for (uint32_t i = 0; i < c->n_post; i++)
        if (has_operand(&c->post[i]))
            ocl_define(recipe, "; MOVE(P%u, outer, inner)", i);
    ocl_define(recipe, "\n");
}

/* Numbers of posts travel as bits: exact, infinities too. */
static uint32_t bits_of(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static void define_step(ocl_recipe *recipe, const ocl_post *post, uint32_t index, const char *vector) {
    const char *sign = post->kind == SY_POST_BIAS || post->kind == SY_POST_ADD ? "+" : "*";
    if (has_operand(post)) {
        ocl_define(recipe, " x = x %s P%u_GET%s(row, col);", sign, index, vector);
    } else if (post->kind == SY_POST_CLIP) {
        ocl_define(recipe, " x = x < BITS(%#x) ? BITS(%#x) : x;", bits_of(post->a), bits_of(post->a));
        ocl_define(recipe, " x = x > BITS(%#x) ? BITS(%#x) : x;", bits_of(post->b), bits_of(post->b));
    } else if (post->kind == SY_POST_REQUANT) {
        ocl_define(recipe, " x = rint(x * BITS(%#x)) + BITS(%#x);", bits_of(post->a), bits_of(post->b));
    }
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
        if (steps[i].kind == post->kind)
            ocl_define(recipe, " %s", steps[i].text);
}

/* One macro for one element ("" and REAL) or for VW of them ("V" and REALV). */
static void define_body(ocl_recipe *recipe, const ocl_contraction *c, const char *vector) {
    ocl_define(recipe, "#define FINISH%s(sum, row, col) do {", vector);
    if (!is_float_work(c)) {
        ocl_define(recipe, " D_STORE%s(sum, d, D_AT(row, col)); } while (0)\n", vector);
        return;
    }
    ocl_define(recipe, " REAL%s x = %s(sum);", vector, vector[0] != '\0' ? "REALV_OF" : "(REAL)");
    if (c->alpha != 1.0)
        ocl_define(recipe, " x *= alpha;");
    if (c->has_c)
        ocl_define(recipe, " x = fma((REAL%s)(beta), C_GET%s(row, col), x);", vector, vector);
    ocl_define(recipe, " POSTS%s", vector);
    ocl_define(recipe, "(REAL%s, row, col) D_STORE%s(x, d, D_AT(row, col)); } while (0)\n", vector, vector);
    ocl_define(recipe, "#define POSTS%s(T, row, col)", vector);
    for (uint32_t i = 0; i < c->n_post; i++)
        define_step(recipe, &c->post[i], i, vector);
    ocl_define(recipe, "\n");
}

void ocl_define_finish(ocl_recipe *recipe, const ocl_contraction *c) {
    bool is_double = c->acc_dtype == SY_F64;
    char index[128];
    print_index(index, sizeof index, "d", &c->d);
    ocl_define_store(recipe, "D", c->d.dtype);
    if (is_double)
        ocl_define(
            recipe, "#define REAL double\n#define REAL_C(c) c\n#define REALV_OF JOIN(convert_double, VW)\n");
    else
        ocl_define(
            recipe, "#define REAL float\n#define REAL_C(c) c##f\n#define REALV_OF JOIN(convert_float, VW)\n");
    ocl_define(recipe, "#define BITS(bits) ((T)(as_float((uint)bits)))\n");
    ocl_define(recipe, "#define REALV JOIN(REAL, VW)\n#define D_AT(row, col) (%s)\n", index);
    if (finishes_vectors(c))
        ocl_define(recipe, "#define FINISH_VECTOR\n");
    if (c->has_c)
        define_operand(recipe, "C", &c->c);
    for (uint32_t i = 0; i < c->n_post; i++) {
        char name[16];
        snprintf(name, sizeof name, "P%u", i);
        if (has_operand(&c->post[i]))
            define_operand(recipe, name, &c->post[i].operand);
    }
    define_params(recipe, c);
    define_body(recipe, c, "");
    define_body(recipe, c, "V");
}

static void matrix_args(ocl_step *step, const ocl_matrix *matrix) {
    ocl_arg_operand(step, matrix->tensor, matrix->dtype);
    ocl_arg_long(step, matrix->row_stride);
    ocl_arg_long(step, matrix->col_stride);
    ocl_arg_long(step, matrix->outer_stride);
    ocl_arg_long(step, matrix->inner_stride);
}

void ocl_finish_args(ocl_step *step, const ocl_contraction *c) {
    void (*real)(ocl_step *, double) = c->acc_dtype == SY_F64 ? ocl_arg_double : ocl_arg_float;
    matrix_args(step, &c->d);
    if (c->has_c)
        matrix_args(step, &c->c);
    for (uint32_t i = 0; i < c->n_post; i++)
        if (has_operand(&c->post[i]))
            matrix_args(step, &c->post[i].operand);
    real(step, c->alpha);
    real(step, c->beta);
}
