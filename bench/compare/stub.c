/* Every function answers "unsupported" until its own file is there. */
#include "bench/compare/gate.h"
#include "bench/compare/means.h"
#include "runtime/base/error.h"

#define NOT_YET(err) sy_error_set(err, SY_UNSUPPORTED, "comparing is not built in yet")

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
