/* Findings as a table or as JSON. */
#include "bench/verbs/tune_print.h"

#include <math.h>
#include <stdio.h>

#include "bench/fields/json_text.h"

void sy_tune_sum_add(sy_tune_sum *sum, double gain) {
    sum->log_gain += log(gain);
    sum->problems++;
}

double sy_tune_sum_mean(const sy_tune_sum *sum) {
    return sum->problems > 0 ? exp(sum->log_gain / (double)sum->problems) : 1.0;
}

void sy_tune_print_head(const sy_tune_printer *printer) {
    if (printer->is_json)
        printf("{\"findings\":[");
    else
        printf("%-8s %6s %8s  %-28s  %s\n", "device", "tried", "gain", "fastest", "problem");
}

static void print_json(const sy_tune_finding *finding) {
    const char *const names[] = {"device", "name", "problem", "algorithm"};
    const char *const values[] = {finding->device, finding->name, finding->problem, finding->algorithm};
    sy_text text = {0};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        sy_text_printf(&text, "\"%s\":", names[i]);
        sy_json_quote(&text, values[i]);
        sy_text_printf(&text, ",");
    }
    sy_text_printf(&text, "\"gain\":");
    sy_json_f64(&text, finding->gain);
    printf("\n{%s,\"tried\":%zu}", text.failed ? "" : text.data, finding->tried);
    sy_text_release(&text);
}

static void print_line(const sy_tune_finding *finding) {
    char gain[24] = "-", count[24] = "";
    if (finding->gain > 1.0)
        snprintf(gain, sizeof gain, "+%.1f %%", 100.0 * (finding->gain - 1.0));
    if (finding->tried > 0)
        snprintf(count, sizeof count, "%zu", finding->tried);
    printf("%-8s %6s %8s  %-28s  %s\n", finding->device, count, gain, finding->algorithm,
        finding->name != NULL ? finding->name : finding->problem);
}

void sy_tune_print_finding(sy_tune_printer *printer, const sy_tune_finding *finding) {
    if (printer->is_json)
        printf("%s", printer->printed > 0 ? "," : "");
    if (printer->is_json)
        print_json(finding);
    else
        print_line(finding);
    printer->printed++;
    fflush(stdout);
}

static void print_json_sum(const sy_tune_sum *sum, bool is_first) {
    sy_text text = {0};
    sy_json_quote(&text, sum->device);
    sy_text_printf(&text, ",\"problems\":%zu,\"geometric_mean_gain\":", sum->problems);
    sy_json_f64(&text, sy_tune_sum_mean(sum));
    printf("%s\n{\"device\":%s}", is_first ? "" : ",", text.failed ? "null" : text.data);
    sy_text_release(&text);
}

void sy_tune_print_end(const sy_tune_printer *printer, const sy_tune_sum *sums, size_t count) {
    size_t devices = 0, printed = 0;
    for (size_t i = 0; i < count; i++)
        devices += sums[i].problems > 0 ? 1 : 0;
    if (printer->is_json)
        printf("\n],\n\"summary\":[");
    for (size_t i = 0; i < count; i++) {
        const sy_tune_sum *sum = &sums[i];
        if (sum->problems == 0)
            continue;
        if (printer->is_json)
            print_json_sum(sum, printed == 0);
        else
            printf("%s%sgeometric mean gain over the cost model's own choice: +%.1f %% over %zu problem%s\n",
                devices > 1 ? sum->device : "", devices > 1 ? ": " : "",
                100.0 * (sy_tune_sum_mean(sum) - 1.0), sum->problems, sum->problems > 1 ? "s" : "");
        printed++;
    }
    if (printer->is_json)
        printf("\n]}\n");
}
