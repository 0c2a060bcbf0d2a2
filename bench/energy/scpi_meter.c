/*
 * Commands of the WT300 and WT300E. Source: Yokogawa, IM WT310-17EN and IM WT310E-17EN, communication
 * interface: groups NUMeric, INTEGrate, INPut. Settings are compared as the meter abbreviates them.
 */
#include "bench/energy/scpi_meter.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "bench/energy/answer.h"
#include "runtime/base/error.h"
#include "runtime/base/text.h"

enum { ANSWER_MAX = 256 };

sy_status sy_wt_set(sy_wt *meter, const char *spec, sy_error *err) {
    static const char *const keys[] = {"element", "timeout", NULL};
    static const char *const elements[] = {"1", "2", "3", "sigma"};
    *meter = (sy_wt){.client.line.fd = -1};
    sy_status status = sy_net_spec_parse(spec, keys, &meter->spec, err);
    if (status == SY_OK && meter->spec.scheme[0] != '\0')
        status = sy_error_set(err, SY_INVALID_ARGUMENT, "no scheme: HOST[:PORT] would be right");
    if (status == SY_OK)
        status = sy_line_client_set(&meter->client, &meter->spec, "10001", "\n", err);
    if (status != SY_OK)
        return status;
    const char *element = sy_net_spec_option(&meter->spec, "element");
    element = element != NULL ? element : elements[0];
    for (size_t i = 0; i < sizeof elements / sizeof elements[0]; i++)
        if (strcmp(element, elements[i]) == 0) {
            snprintf(meter->element, sizeof meter->element, "%s", i < 3 ? elements[i] : "SIGMA");
            return SY_OK;
        }
    return sy_error_set(err, SY_INVALID_ARGUMENT, "element '%s': 1, 2, 3 or sigma would be right", element);
}

sy_status sy_wt_ask(sy_wt *meter, const char *command, char *out_answer, size_t capacity, sy_error *err) {
    sy_status status = sy_line_client_ask(&meter->client, command, out_answer, capacity, err);
    const char *blank = status == SY_OK && out_answer[0] == ':' ? strchr(out_answer, ' ') : NULL;
    if (blank != NULL)
        memmove(out_answer, blank + 1, strlen(blank + 1) + 1);
    return status;
}

/* Whether two settings are one: whole or abbreviated to three letters and more. */
static bool is_same(const char *one, const char *other) {
    size_t length = strlen(one) < strlen(other) ? strlen(one) : strlen(other);
    return strcasecmp(one, other) == 0 || (length >= 3 && strncasecmp(one, other, length) == 0);
}

static sy_status ask_setting(
    sy_wt *meter, const char *command, char *out_answer, size_t capacity, sy_error *err) {
    char question[64];
    snprintf(question, sizeof question, "%s?", command);
    return sy_wt_ask(meter, question, out_answer, capacity, err);
}

static sy_status tell_setting(sy_wt *meter, const char *command, const char *value, sy_error *err) {
    char text[96];
    snprintf(text, sizeof text, "%s %s", command, value);
    return sy_line_client_tell(&meter->client, text, err);
}

/* A setting is remembered once, and only what could be one is ever sent back. */
static void remember(sy_wt *meter, const char *command, const char *before) {
    for (size_t i = 0; i < meter->setting_count; i++)
        if (strcmp(meter->setting[i].command, command) == 0)
            return;
    if (meter->setting_count == SY_WT_SETTINGS_MAX || before[0] == '\0' ||
        strspn(before, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789,.+-") !=
            strlen(before))
        return;
    sy_wt_setting *setting = &meter->setting[meter->setting_count];
    int length = snprintf(setting->command, sizeof setting->command, "%s", command);
    int before_length = snprintf(setting->before, sizeof setting->before, "%s", before);
    if ((size_t)length < sizeof setting->command && (size_t)before_length < sizeof setting->before)
        meter->setting_count++;
}

sy_status sy_wt_change(sy_wt *meter, const char *command, const char *value, sy_error *err) {
    char answer[ANSWER_MAX], shown[64];
    sy_status status = ask_setting(meter, command, answer, sizeof answer, err);
    if (status != SY_OK || is_same(answer, value))
        return status;
    remember(meter, command, answer);
    status = tell_setting(meter, command, value, err);
    if (status == SY_OK)
        status = ask_setting(meter, command, answer, sizeof answer, err);
    if (status != SY_OK || is_same(answer, value))
        return status;
    sy_answer_copy(shown, sizeof shown, answer);
    return sy_error_set(err, SY_INVALID_ARGUMENT, "%s: %s is '%s', and stays so when it is told to be %s",
        meter->client.line.name, command, shown, value);
}

sy_status sy_wt_begin(sy_wt *meter, sy_error *err) {
    char answer[ANSWER_MAX], shown[80];
    sy_status status = sy_line_client_connect(&meter->client, err);
    if (status == SY_OK)
        status = sy_wt_ask(meter, "*IDN?", answer, sizeof answer, err);
    if (status != SY_OK)
        return status;
    sy_answer_copy(shown, sizeof shown, answer);
    static const char expected[] = "YOKOGAWA,WT";
    if (strncasecmp(shown, expected, sizeof expected - 1) != 0)
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "%s: answers '%s' to *IDN?; a Yokogawa WT300 would be right", meter->client.line.name, shown);
    const char *model = shown + strlen("YOKOGAWA,");
    snprintf(meter->model, sizeof meter->model, "%.*s", (int)(strcspn(model, ",") & 0xff), model);
    return sy_wt_change(meter, ":NUMERIC:FORMAT", "ASCII", err);
}

sy_status sy_wt_choose(sy_wt *meter, int item, const char *function, sy_error *err) {
    char command[40], value[24];
    snprintf(command, sizeof command, ":NUMERIC:NORMAL:ITEM%d", item);
    snprintf(value, sizeof value, "%s,%s", function, meter->element);
    return sy_wt_change(meter, command, value, err);
}

sy_status sy_wt_value(sy_wt *meter, int item, double *out_value, char *out_text, sy_error *err) {
    char command[48], answer[64];
    snprintf(command, sizeof command, ":NUMERIC:NORMAL:VALUE? %d", item);
    sy_status status = sy_wt_ask(meter, command, answer, sizeof answer, err);
    if (status != SY_OK)
        return status;
    memcpy(out_text, answer, sizeof answer);
    return sy_answer_number(meter->client.line.name, answer, '\0', out_value, err);
}

sy_status sy_wt_number(sy_wt *meter, const char *command, double *out_value, sy_error *err) {
    char answer[ANSWER_MAX];
    sy_status status = sy_wt_ask(meter, command, answer, sizeof answer, err);
    if (status != SY_OK || !sy_text_to_f64(answer, out_value))
        *out_value = NAN;
    return status;
}

/* RESet, READy, STARt, STOP, ERRor or TIMeup: the first three letters tell. */
static sy_status ask_state(sy_wt *meter, char *out_state, size_t capacity, sy_error *err) {
    char answer[ANSWER_MAX];
    sy_status status = sy_wt_ask(meter, ":INTEGRATE:STATE?", answer, sizeof answer, err);
    sy_answer_copy(out_state, capacity, answer);
    return status;
}

static sy_status start_integrator(sy_wt *meter, sy_error *err) {
    char state[16];
    sy_status status = sy_wt_change(meter, ":INTEGRATE:MODE", "NORMAL", err);
    if (status == SY_OK)
        status = sy_wt_change(meter, ":INTEGRATE:TIMER", "0,0,0", err);
    if (status == SY_OK)
        status = sy_line_client_tell(&meter->client, ":INTEGRATE:START", err);
    meter->is_integrating = status == SY_OK;
    for (unsigned i = 0; i < SY_LINE_CLIENT_TRIES && status == SY_OK; i++) {
        status = ask_state(meter, state, sizeof state, err);
        if (status != SY_OK || is_same(state, "START"))
            return status;
        sy_line_client_pause(&meter->client);
    }
    return status == SY_OK ? sy_error_set(err, SY_REFUSED, "%s: its integrator is '%s' and does not start",
                                 meter->client.line.name, state)
                           : status;
}

sy_status sy_wt_integrate(sy_wt *meter, sy_error *err) {
    char state[16];
    sy_status status = ask_state(meter, state, sizeof state, err);
    if (status != SY_OK || is_same(state, "START"))
        return status;
    if (!is_same(state, "RESET"))
        status = sy_line_client_tell(&meter->client, ":INTEGRATE:RESET", err);
    return status == SY_OK ? start_integrator(meter, err) : status;
}

sy_status sy_wt_integrates(sy_wt *meter, sy_error *err) {
    char state[16];
    sy_status status = ask_state(meter, state, sizeof state, err);
    if (status == SY_OK && !is_same(state, "START"))
        return sy_error_set(err, SY_UNAVAILABLE, "%s: its integrator is '%s', something else has stopped it",
            meter->client.line.name, state);
    return status;
}

/* Mode and timer can be set only after a reset; without them to set back, the last value stays readable. */
static void set_back(sy_wt *meter) {
    bool is_reset = false;
    while (meter->setting_count > 0) {
        const sy_wt_setting *setting = &meter->setting[--meter->setting_count];
        if (!is_reset && strncmp(setting->command, ":INTEGRATE", 10) == 0) {
            sy_line_client_tell(&meter->client, ":INTEGRATE:RESET", NULL);
            is_reset = true;
        }
        tell_setting(meter, setting->command, setting->before, NULL);
    }
}

void sy_wt_end(sy_wt *meter) {
    char answer[ANSWER_MAX];
    bool has_work = meter->is_integrating || meter->setting_count > 0;
    if (has_work && sy_line_client_connect(&meter->client, NULL) == SY_OK) {
        if (meter->is_integrating)
            sy_line_client_tell(&meter->client, ":INTEGRATE:STOP", NULL);
        set_back(meter);
        /* Its answer says that everything before it was taken. */
        sy_wt_ask(meter, "*OPC?", answer, sizeof answer, NULL);
    }
    meter->is_integrating = false;
    meter->setting_count = 0;
    sy_line_client_close(&meter->client);
}
