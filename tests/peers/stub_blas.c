/* Stub of a BLAS library: plain loops under OpenBLAS's or BLIS's names. */
#include <stdint.h>
#include <string.h>

/* Exported, and declared nowhere. */
#pragma GCC diagnostic ignored "-Wmissing-prototypes"

#define JOIN2(a, b, c) a##b##c
#define JOIN(a, b, c) JOIN2(a, b, c)
#define NAME(function) JOIN(STUB_NAME, function, STUB_SUFFIX)

int stub_threads = 64;
int stub_calls;

enum { NO_TRANS = 111 };

static int64_t place(int trans, int64_t row, int64_t column, int64_t lead) {
    return trans == NO_TRANS ? row * lead + column : column * lead + row;
}

void NAME(sgemm)(int order, int ta, int tb, int m, int n, int k, float alpha, const float *a, int lda,
    const float *b, int ldb, float beta, float *c, int ldc) {
    (void)order;
    stub_calls++;
    for (int i = 0; i < m; i++)
        for (int j = 0; j < n; j++) {
            float sum = 0.0f;
            for (int l = 0; l < k; l++)
                sum += a[place(ta, i, l, lda)] * b[place(tb, l, j, ldb)];
            float *to = &c[(int64_t)i * ldc + j];
            *to = alpha * sum + (beta != 0.0f ? beta * *to : 0.0f);
        }
}

void NAME(dgemm)(int order, int ta, int tb, int m, int n, int k, double alpha, const double *a, int lda,
    const double *b, int ldb, double beta, double *c, int ldc) {
    (void)order;
    stub_calls++;
    for (int i = 0; i < m; i++)
        for (int j = 0; j < n; j++) {
            double sum = 0.0;
            for (int l = 0; l < k; l++)
                sum += a[place(ta, i, l, lda)] * b[place(tb, l, j, ldb)];
            double *to = &c[(int64_t)i * ldc + j];
            *to = alpha * sum + (beta != 0.0 ? beta * *to : 0.0);
        }
}

void NAME(sgemv)(int order, int trans, int m, int n, float alpha, const float *a, int lda, const float *x,
    int incx, float beta, float *y, int incy) {
    int outputs = trans == NO_TRANS ? m : n, inputs = trans == NO_TRANS ? n : m;
    (void)order;
    stub_calls++;
    for (int i = 0; i < outputs; i++) {
        float sum = 0.0f;
        for (int l = 0; l < inputs; l++)
            sum += a[trans == NO_TRANS ? i * lda + l : l * lda + i] * x[l * incx];
        y[i * incy] = alpha * sum + (beta != 0.0f ? beta * y[i * incy] : 0.0f);
    }
}

void NAME(dgemv)(int order, int trans, int m, int n, double alpha, const double *a, int lda, const double *x,
    int incx, double beta, double *y, int incy) {
    int outputs = trans == NO_TRANS ? m : n, inputs = trans == NO_TRANS ? n : m;
    (void)order;
    stub_calls++;
    for (int i = 0; i < outputs; i++) {
        double sum = 0.0;
        for (int l = 0; l < inputs; l++)
            sum += a[trans == NO_TRANS ? i * lda + l : l * lda + i] * x[l * incx];
        y[i * incy] = alpha * sum + (beta != 0.0 ? beta * y[i * incy] : 0.0);
    }
}

#ifdef STUB_OPENBLAS
#define THREADS(function) JOIN(STUB_OPENBLAS, function, STUB_SUFFIX)

static float widen(uint16_t value) {
    uint32_t bits = (uint32_t)value << 16;
    float wide;
    memcpy(&wide, &bits, sizeof wide);
    return wide;
}

void NAME(sbgemm)(int order, int ta, int tb, int m, int n, int k, float alpha, const uint16_t *a, int lda,
    const uint16_t *b, int ldb, float beta, float *c, int ldc) {
    (void)order;
    stub_calls++;
    for (int i = 0; i < m; i++)
        for (int j = 0; j < n; j++) {
            float sum = 0.0f;
            for (int l = 0; l < k; l++)
                sum += widen(a[place(ta, i, l, lda)]) * widen(b[place(tb, l, j, ldb)]);
            float *to = &c[(int64_t)i * ldc + j];
            *to = alpha * sum + (beta != 0.0f ? beta * *to : 0.0f);
        }
}

void THREADS(set_num_threads)(int threads) {
    stub_threads = threads;
}

int THREADS(get_num_threads)(void) {
    return stub_threads;
}

const char *THREADS(get_config)(void) {
    return "OpenBLAS 9.8.7 DYNAMIC_ARCH";
}

const char *THREADS(get_corename)(void) {
    return "Stub";
}
#else
void bli_thread_set_num_threads(int64_t threads) {
    stub_threads = (int)threads;
}

int64_t bli_thread_get_num_threads(void) {
    return stub_threads;
}

const char *bli_info_get_version_str(void) {
    return "9.8";
}

int64_t bli_info_get_blas_int_type_size(void) {
    return STUB_BLIS_BITS;
}

int bli_arch_query_id(void) {
    return 5;
}

const char *bli_arch_string(int arch) {
    return arch == 5 ? "stub5" : "?";
}
#endif
