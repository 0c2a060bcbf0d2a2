/* PTDaemon's commands and what it answers to them. */
#include "bench/energy/ptdaemon_session.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "bench/energy/answer.h"
#include "runtime/base/error.h"
#include "runtime/base/text.h"

enum { ANSWER_MAX = 512 };

/* Field `index` of an answer whose fields are separated by commas; "" if there are not so many. */
static void take_field(const char *answer, size_t index, char *out_field, size_t capacity) {
    for (; index > 0; index--) {
        const char *comma = strchr(answer, ',');
        answer = comma != NULL ? comma + 1 : "";
    }
    char field[ANSWER_MAX];
    size_t length = strcspn(answer, ",");
    length = length < sizeof field - 1 ? length : sizeof field - 1;
    memcpy(field, answer, length);
    field[length] = '\0';
    sy_answer_copy(out_field, capacity, field);
}

static bool begins(const char *answer, const char *expected) {
    return strncasecmp(answer, expected, strlen(expected)) == 0;
}

static sy_status fail_answer(
    const sy_ptd_session *session, sy_status status, const char *what, const char *answer, sy_error *err) {
    char shown[100];
    sy_answer_copy(shown, sizeof shown, answer);
    return sy_error_set(
        err, status, "%s: PTDaemon answers '%s' to %s", session->client.line.name, shown, what);
}

static sy_status take_range(
    const sy_net_spec *spec, const char *key, char *out_text, size_t capacity, sy_error *err) {
    const char *text = sy_net_spec_option(spec, key);
    double value = 0.0;
    out_text[0] = '\0';
    if (text == NULL)
        return SY_OK;
    if (!sy_text_to_f64(text, &value) || value <= 0.0 || value > 1e5)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "%s '%s': a range over 0 would be right", key, text);
    sy_text_from_f64(value, out_text, capacity);
    return SY_OK;
}

sy_status sy_ptd_set(sy_ptd_session *session, const char *spec, sy_error *err) {
    static const char *const keys[] = {"range", "amps", "volts", "timeout", NULL};
    *session = (sy_ptd_session){.client.line.fd = -1};
    sy_status status = sy_net_spec_parse(spec, keys, &session->spec, err);
    if (status == SY_OK && session->spec.scheme[0] != '\0')
        status = sy_error_set(err, SY_INVALID_ARGUMENT, "no scheme: HOST[:PORT] would be right");
    if (status == SY_OK)
        status = sy_line_client_set(&session->client, &session->spec, "8888", "\r\n", err);
    if (status == SY_OK)
        status = take_range(&session->spec, "volts", session->volts, sizeof session->volts, err);
    if (status == SY_OK)
        status = take_range(&session->spec, "amps", session->amps, sizeof session->amps, err);
    const char *range = sy_net_spec_option(&session->spec, "range");
    if (status != SY_OK || range == NULL)
        return status;
    if (strcmp(range, "auto") != 0 || session->volts[0] != '\0' || session->amps[0] != '\0')
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "range '%s': auto, alone, or amps=X and volts=Y would be right", range);
    snprintf(session->volts, sizeof session->volts, "Auto");
    snprintf(session->amps, sizeof session->amps, "Auto");
    return SY_OK;
}

static sy_status greet(sy_ptd_session *session, sy_error *err) {
    char answer[ANSWER_MAX], watts[8], mode[32];
    sy_status status = sy_line_client_ask(&session->client, "Hello", answer, sizeof answer, err);
    if (status != SY_OK)
        return status;
    if (!begins(answer, "Hello, PTDaemon"))
        return fail_answer(session, SY_INVALID_ARGUMENT, "Hello: no PTDaemon", answer, err);
    status = sy_line_client_ask(&session->client, "Identify", answer, sizeof answer, err);
    if (status != SY_OK)
        return status;
    /* Analyzer, interval in ms, whether it measures watts, ...; the twelfth is the mode. */
    take_field(answer, 0, session->model, sizeof session->model);
    take_field(answer, 2, watts, sizeof watts);
    take_field(answer, 11, mode, sizeof mode);
    if (strcmp(watts, "1") != 0 || strcmp(mode, "mode=temperature") == 0)
        return fail_answer(session, SY_UNAVAILABLE, "Identify: it measures no power", answer, err);
    return SY_OK;
}

/* What the ranges are: "Ranges,amps automatic,amps,volts automatic,volts"; -1 is unknown. */
static sy_status note_ranges(sy_ptd_session *session, sy_error *err) {
    char answer[ANSWER_MAX], field[4][24];
    double value = 0.0;
    sy_status status = sy_line_client_ask(&session->client, "RR", answer, sizeof answer, err);
    if (status != SY_OK)
        return status;
    char *const before[] = {session->before_amps, session->before_volts};
    for (size_t i = 0; i < 4; i++)
        take_field(answer, i + 1, field[i], sizeof field[i]);
    for (size_t i = 0; i < 2; i++) {
        before[i][0] = '\0';
        if (!begins(answer, "Ranges,"))
            continue;
        if (strcmp(field[2 * i], "1") == 0)
            snprintf(before[i], sizeof session->before_amps, "Auto");
        else if (sy_text_to_f64(field[2 * i + 1], &value) && value > 0.0)
            snprintf(before[i], sizeof session->before_amps, "%s", field[2 * i + 1]);
    }
    return SY_OK;
}

static sy_status set_range(
    sy_ptd_session *session, char quantity, const char *value, bool *out_is_set, sy_error *err) {
    char command[48], answer[ANSWER_MAX], expected[24];
    if (value[0] == '\0')
        return SY_OK;
    snprintf(command, sizeof command, "SR,%c,%s", quantity, value);
    snprintf(expected, sizeof expected, "Range %c changed", quantity);
    sy_status status = sy_line_client_ask(&session->client, command, answer, sizeof answer, err);
    if (status != SY_OK)
        return status;
    if (!begins(answer, expected))
        return fail_answer(session, SY_REFUSED, command, answer, err);
    *out_is_set = true;
    return SY_OK;
}

static void describe_ranges(sy_ptd_session *session) {
    const char *volts = session->volts[0] != '\0' ? session->volts : session->before_volts;
    const char *amps = session->amps[0] != '\0' ? session->amps : session->before_amps;
    snprintf(session->ranges, sizeof session->ranges, "%.16s V, %.16s A", volts[0] != '\0' ? volts : "?",
        amps[0] != '\0' ? amps : "?");
}

sy_status sy_ptd_begin(sy_ptd_session *session, sy_error *err) {
    char answer[ANSWER_MAX];
    session->is_started = false;
    sy_status status = sy_line_client_connect(&session->client, err);
    if (status == SY_OK)
        status = greet(session, err);
    /* After a connection that broke, what the ranges were before is what they were at first. */
    if (status == SY_OK && !session->is_volts_set && !session->is_amps_set)
        status = note_ranges(session, err);
    if (status == SY_OK)
        status = set_range(session, 'V', session->volts, &session->is_volts_set, err);
    if (status == SY_OK)
        status = set_range(session, 'A', session->amps, &session->is_amps_set, err);
    if (status == SY_OK)
        status = sy_line_client_ask(&session->client, "Go,1000,0,steelyard", answer, sizeof answer, err);
    if (status != SY_OK)
        return status;
    if (!begins(answer, "Starting"))
        return fail_answer(session, SY_REFUSED, "Go", answer, err);
    session->is_started = true;
    describe_ranges(session);
    return SY_OK;
}

sy_status sy_ptd_read(sy_ptd_session *session, double *out_watt, sy_error *err) {
    char answer[ANSWER_MAX];
    const char *name = session->client.line.name;
    sy_status status = sy_line_client_ask(&session->client, "R*", answer, sizeof answer, err);
    if (status != SY_OK)
        return status;
    if (begins(answer, "No data"))
        return sy_error_set(err, SY_TIMEOUT, "%s: PTDaemon has no sample yet", name);
    if (!begins(answer, "Watts,"))
        return fail_answer(session, SY_INVALID_ARGUMENT, "R*", answer, err);
    status = sy_answer_number(name, answer + strlen("Watts,"), ',', out_watt, err);
    if (status != SY_OK)
        return status;
    /* -1: an error of the analyzer; -2: a sample was missed. */
    if (*out_watt == -1.0 || *out_watt == -2.0)
        return fail_answer(
            session, SY_INVALID_ARGUMENT, "R*: the analyzer failed or missed a sample", answer, err);
    return sy_answer_power(name, *out_watt, err);
}

sy_status sy_ptd_first(sy_ptd_session *session, double *out_watt, sy_error *err) {
    sy_status status = sy_ptd_read(session, out_watt, err);
    for (unsigned i = 0;
         i < SY_LINE_CLIENT_TRIES && status == SY_TIMEOUT && sy_line_client_is_open(&session->client); i++) {
        sy_line_client_pause(&session->client);
        status = sy_ptd_read(session, out_watt, err);
    }
    return status;
}

sy_status sy_ptd_uncertainty(sy_ptd_session *session, double *out_limit, sy_error *err) {
    char answer[ANSWER_MAX], mean[32], count[32];
    double limit = 0.0, samples = 0.0;
    *out_limit = NAN;
    sy_status status = sy_line_client_ask(&session->client, "Uncertainty", answer, sizeof answer, err);
    if (status != SY_OK)
        return status;
    /* Mean, least, most (relative, -1 unknown), and of how many samples. */
    take_field(answer, 1, mean, sizeof mean);
    take_field(answer, 4, count, sizeof count);
    if (begins(answer, "Uncertainty,") && sy_text_to_f64(mean, &limit) && sy_text_to_f64(count, &samples) &&
        limit > 0.0 && limit < 1.0 && samples >= 1.0)
        *out_limit = limit;
    return SY_OK;
}

void sy_ptd_end(sy_ptd_session *session) {
    char answer[ANSWER_MAX];
    bool is_ignored;
    if (session->is_started && sy_line_client_is_open(&session->client))
        sy_line_client_ask(&session->client, "Stop", answer, sizeof answer, NULL);
    if (session->is_volts_set && sy_line_client_is_open(&session->client))
        set_range(session, 'V', session->before_volts, &is_ignored, NULL);
    if (session->is_amps_set && sy_line_client_is_open(&session->client))
        set_range(session, 'A', session->before_amps, &is_ignored, NULL);
    session->is_started = session->is_volts_set = session->is_amps_set = false;
    sy_line_client_close(&session->client);
}
