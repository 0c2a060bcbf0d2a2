/* Every function answers "unsupported" until its own file is there. */
#include "bench/compare/gate.h"
#include "bench/compare/means.h"
#include "runtime/base/error.h"

#define NOT_YET(err) sy_error_set(err, SY_UNSUPPORTED, "comparing is not built in yet")

sy_status sy_comparison_make(
    const sy_join *a, const sy_comparison_options *b, sy_arena *c, sy_comparison *d, sy_error *f) {
    (void)a, (void)b, (void)c, (void)d;
    return NOT_YET(f);
}
const sy_ratio *sy_comparison_ratio(const sy_comparison *a, size_t b, size_t c, int d) {
    (void)a, (void)b, (void)c, (void)d;
    return NULL;
}
void sy_ratio_basis(const sy_ratio *a, char *b, size_t c) {
    (void)a;
    if (c > 0)
        b[0] = '\0';
}
sy_status sy_means_compute(const sy_comparison *a, int b, sy_arena *c, sy_mean_list *d, sy_error *f) {
    (void)a, (void)b, (void)c, (void)d;
    return NOT_YET(f);
}
sy_status sy_rank_columns(const sy_comparison *a, sy_arena *c, const sy_rank **d, sy_error *f) {
    (void)a, (void)c, (void)d;
    return NOT_YET(f);
}
const char *sy_condition_name(int kind) {
    (void)kind;
    return "?";
}
sy_status sy_conditions_compare(
    const sy_intake *a, const sy_join *b, size_t c, sy_arena *d, sy_conditions *e, sy_error *f) {
    (void)a, (void)b, (void)c, (void)d, (void)e;
    return NOT_YET(f);
}
void sy_gate_options_init(sy_gate_options *a) {
    *a = (sy_gate_options){0};
}
sy_status sy_gate_parse(const char *a, sy_gate_options *b, sy_error *f) {
    (void)a, (void)b;
    return NOT_YET(f);
}
sy_status sy_gate_parse_fail_on(const char *a, sy_gate_options *b, sy_error *f) {
    (void)a, (void)b;
    return NOT_YET(f);
}
sy_status sy_gate_parse_share(const char *a, sy_gate_options *b, sy_error *f) {
    (void)a, (void)b;
    return NOT_YET(f);
}
sy_status sy_gate_judge(const sy_comparison *a, const sy_conditions *b, const sy_gate_options *c, sy_arena *d,
    sy_gate *e, sy_error *f) {
    (void)a, (void)b, (void)c, (void)d, (void)e;
    return NOT_YET(f);
}
sy_status sy_noise_measure(const sy_intake *a, double b, sy_arena *c, sy_noise *d, sy_error *f) {
    (void)a, (void)b, (void)c, (void)d;
    return NOT_YET(f);
}
sy_noise_row sy_noise_of(const sy_noise *a, uint64_t b, uint64_t c) {
    (void)a, (void)b, (void)c;
    return (sy_noise_row){0};
}
bool sy_noise_write(const sy_noise *a, sy_text *b) {
    (void)a, (void)b;
    return false;
}
sy_status sy_noise_read(const char *a, size_t b, sy_arena *c, sy_noise *d, sy_error *f) {
    (void)a, (void)b, (void)c, (void)d;
    return NOT_YET(f);
}
size_t sy_plan_rounds(double a, double b, double c) {
    (void)a, (void)b, (void)c;
    return 0;
}
