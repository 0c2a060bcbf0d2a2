/* Scopes of energy and the reader's own figures of cost. */
#ifndef STEELYARD_BENCH_REPORT_HTML_SCOPE_H
#define STEELYARD_BENCH_REPORT_HTML_SCOPE_H

#include "bench/report/html/page.h"

enum { SY_HTML_SCOPES_MAX = 8 };

/** Scopes of a device's meters, each once; borrowed. */
typedef struct sy_html_scopes {
    const char *scope[SY_HTML_SCOPES_MAX];
    size_t count;
} sy_html_scopes;

/** Those of a device's rows, in the order in which they are met. */
sy_html_scopes sy_html_scopes_of(const sy_html_page *page, size_t device);

/** All joules of a device by one scope, over all its workloads that are counted in FLOP. */
sy_html_joules sy_html_joules_of(const sy_html_page *page, size_t device, const char *scope);

/** Why a device has no joules: what its first row without any says; NULL. */
const char *sy_html_no_joules(const sy_html_page *page, size_t device);

/** What the reader pays for a device (its id or its name in --price, or the one number); NaN: not given. */
double sy_html_price_of(const sy_html_page *page, size_t device);

/** Whether --price can be read. Errors: SY_INVALID_ARGUMENT with what would be right. */
sy_status sy_html_price_check(const char *price, sy_error *err);

/** "±1.6 %, ±5.0 % scale" in words: both uncertainties at 95 %. */
void sy_html_put_doubt(sy_html_page *page, double random, double systematic);

/** Price of electricity and carbon as given, each with its year and source, and what they leave out. */
void sy_html_cost_figures(sy_html_page *page);

#endif
