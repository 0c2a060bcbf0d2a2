/* Which rows are sides of one pair, and what their rounds say. */
#include "bench/run/pair.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "bench/cli/option.h"
#include "bench/stats/law.h"
#include "runtime/base/error.h"

size_t sy_pair_turn(size_t turn) {
    return turn == 1 || turn == 2;
}

static bool is_device(const char *word, const sy_builtin *builtins, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (strcmp(word, builtins[i].name) == 0)
            return true;
    return strpbrk(word, ":@?") != NULL;
}

static sy_status check_sides(const sy_words *pair, sy_error *err) {
    if (pair->count != 2)
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "--pair takes two algorithms, devices or builds of a plugin, such as native,onednn; given: %zu",
            pair->count);
    if (strcmp(pair->word[0], pair->word[1]) == 0)
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "--pair: both sides are %s; two that differ make a pair", pair->word[0]);
    for (size_t i = 0; i < 2; i++)
        if (strcmp(pair->word[i], "all") == 0)
            return sy_error_set(
                err, SY_INVALID_ARGUMENT, "--pair: a side is one algorithm or device, not 'all'");
    return SY_OK;
}

static sy_status check_options(const sy_config *config, bool are_devices, sy_error *err) {
    const char *replaced = are_devices ? "device" : "algorithm";
    const char *of = are_devices ? "devices" : "algorithms";
    const sy_words *algorithm = &config->algorithm;
    bool is_many = algorithm->count > 1 || (algorithm->count == 1 && strcmp(algorithm->word[0], "all") == 0);
    if (sy_config_has(config, replaced))
        return sy_error_set(err, SY_INVALID_ARGUMENT, "--pair names the %s: leave out --%s", of, replaced);
    if (are_devices && is_many)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "--pair of devices takes one --algorithm, the same on both sides");
    if (config->resume != NULL)
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "--pair does not complete a record (--resume): both sides belong to one time");
    if (config->plan_for != NULL)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "--plan-for does not know what a pair needs: leave it out, or --pair");
    if (sy_config_has(config, "rounds") && config->rounds % SY_PAIR_ROUNDS != 0)
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "--rounds %" PRIu64 ": a pair's rounds come in twos (A B B A), such as %" PRIu64, config->rounds,
            config->rounds + 1);
    return SY_OK;
}

/* A number that stands in a file or the environment is for runs of all kinds. */
static uint64_t choose_rounds(const sy_config *config) {
    size_t count;
    const sy_option *rounds = sy_option_find("rounds", strlen("rounds"));
    bool is_preset = config->from[rounds - sy_option_table(&count)] == SY_FROM_DEFAULT;
    return is_preset ? SY_PAIR_ROUNDS_PRESET : config->rounds + config->rounds % SY_PAIR_ROUNDS;
}

sy_status sy_pair_apply(sy_config *config, const sy_builtin *builtins, size_t count, sy_error *err) {
    const sy_words *pair = &config->pair;
    if (pair->count == 0)
        return SY_OK;
    sy_status status = check_sides(pair, err);
    if (status != SY_OK)
        return status;
    bool are_devices = is_device(pair->word[0], builtins, count) || is_device(pair->word[1], builtins, count);
    status = check_options(config, are_devices, err);
    if (status != SY_OK)
        return status;
    *(are_devices ? &config->device : &config->algorithm) = *pair;
    config->rounds = choose_rounds(config);
    return SY_OK;
}

/* The list goes by problems, devices, algorithms, processes: sides follow each other by all processes. */
sy_status sy_pair_join(sy_worklist *list, const sy_config *config, sy_error *err) {
    static const char *const sides[] = {"a", "b"};
    size_t processes = config->repeat_process > 0 ? (size_t)config->repeat_process : 1;
    if (config->pair.count == 0)
        return SY_OK;
    for (size_t i = 0; i < list->count; i++) {
        sy_work_row *row = &list->row[i];
        size_t side = i / processes % 2;
        size_t other = side == 0 ? i + processes : i - processes;
        bool is_pair = other < list->count && strcmp(row->key_hash, list->row[other].key_hash) == 0 &&
                       row->process == list->row[other].process;
        if (!is_pair)
            return sy_error_set(err, SY_INTERNAL, "row %s of a pair stands alone", row->id);
        row->pair.side = sides[side];
        row->pair.other = other;
        memcpy(row->pair.id, list->row[side == 0 ? i : other].id, sizeof row->pair.id);
    }
    return SY_OK;
}

/* The median of one round of a row; NaN if it had none. */
static double median_of(const sy_row *row, uint64_t round) {
    for (size_t i = 0; i < row->time.by_round.count; i++)
        if (row->time.by_round.item[i].round == round)
            return row->time.by_round.item[i].median_ns;
    return NAN;
}

/* Logarithm of the ratio in one block; NaN unless both sides have all of it. */
static double block_log(const sy_row *a, const sy_row *b, uint64_t block) {
    double sum = 0.0;
    for (uint64_t i = 0; i < SY_PAIR_ROUNDS; i++) {
        uint64_t round = SY_PAIR_ROUNDS * block + i;
        sum += log(median_of(b, round) / median_of(a, round));
    }
    return sum / SY_PAIR_ROUNDS;
}

sy_pair_ratio sy_pair_compare(const sy_row *a, const sy_row *b) {
    sy_pair_ratio out = {.ratio = NAN, .ci95 = {NAN, NAN}};
    double mean = 0.0, squares = 0.0; /* by Welford's recurrence */
    if (!sy_row_has_time(a) || !sy_row_has_time(b))
        return out;
    for (uint64_t i = 0; i < a->time.by_round.count / SY_PAIR_ROUNDS; i++) {
        double value = block_log(a, b, i);
        if (!isfinite(value))
            continue;
        double off = value - mean;
        mean += off / (double)++out.blocks;
        squares += off * (value - mean);
    }
    if (out.blocks == 0)
        return out;
    out.ratio = exp(mean);
    if (out.blocks < 2)
        return out;
    double freedom = (double)(out.blocks - 1);
    double half = sy_student_quantile(0.975, freedom) * sqrt(squares / freedom / (double)out.blocks);
    out.ci95[0] = exp(mean - half);
    out.ci95[1] = exp(mean + half);
    return out;
}
