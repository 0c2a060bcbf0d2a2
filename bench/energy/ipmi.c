/*
 * The management controller of this machine, by IPMI: DCMI's power reading, through a tool that is installed:
 * ipmi-dcmi of FreeIPMI or ipmitool. Run without a shell, and its answer read strictly.
 */
#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "bench/energy/answer.h"
#include "bench/energy/net/spec.h"
#include "bench/energy/net_sources.h"
#include "bench/spawn/program.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* A tool: how it is asked, which line holds the power, and which one whether that is being measured. */
typedef struct ipmi_tool {
    const char *name, *arguments[5], *power, *state, *active;
} ipmi_tool;

static const ipmi_tool tools[] = {{"ipmi-dcmi", {"ipmi-dcmi", "--get-system-power-statistics"},
                                      "Current Power", "Power Measurement", "Active"},
    {"ipmitool", {"ipmitool", "dcmi", "power", "reading"}, "Instantaneous power reading",
        "Power reading state is", "activated"}};

/* What is run, and how long it may take. folders: its PATH. */
typedef struct ipmi_place {
    const ipmi_tool *tool;
    char path[PATH_MAX], folders[PATH_MAX];
    uint64_t timeout_ns;
} ipmi_place;

typedef struct ipmi_meter {
    sy_energy_meter base;
    ipmi_place place;
} ipmi_meter;

static sy_status set_place(ipmi_place *place, const char *spec, sy_error *err) {
    static const char *const keys[] = {"path", "timeout", NULL};
    sy_net_spec options;
    *place = (ipmi_place){0};
    sy_status status = sy_net_spec_options(spec, keys, &options, err);
    if (status == SY_OK)
        status = sy_net_spec_timeout(&options, &place->timeout_ns, err);
    if (status != SY_OK)
        return sy_error_prefix(err, status, "ipmi");
    const char *folders = sy_net_spec_option(&options, "path");
    const char *usual = getenv("PATH");
    /* These tools are an administrator's: not on everybody's PATH. */
    int length = folders != NULL ? snprintf(place->folders, sizeof place->folders, "%s", folders)
                                 : snprintf(place->folders, sizeof place->folders, "%s:/usr/sbin:/sbin",
                                       usual != NULL ? usual : "");
    if (length < 0 || (size_t)length >= sizeof place->folders)
        snprintf(place->folders, sizeof place->folders, "/usr/sbin:/usr/bin:/sbin:/bin");
    return SY_OK;
}

/* SY_OK if one of the kernel's names for the controller is there and may be used. */
static sy_status check_device(const char *sysroot, sy_error *err) {
    static const char *const names[] = {"/dev/ipmi0", "/dev/ipmi/0", "/dev/ipmidev/0"};
    char path[PATH_MAX];
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        int length = snprintf(path, sizeof path, "%s%s", sysroot != NULL ? sysroot : "", names[i]);
        if (length < 0 || (size_t)length >= sizeof path || access(path, F_OK) != 0)
            continue;
        if (access(path, R_OK | W_OK) == 0)
            return SY_OK;
        return sy_error_set(
            err, SY_REFUSED, "%s: no permission to talk to the management controller", names[i]);
    }
    return sy_error_set(err, SY_UNAVAILABLE,
        "no /dev/ipmi0: this machine has no management controller, or its driver is not loaded");
}

static sy_status choose_tool(ipmi_place *place, sy_error *err) {
    for (size_t i = 0; i < sizeof tools / sizeof tools[0]; i++)
        if (sy_program_find(place->folders, tools[i].name, place->path, sizeof place->path)) {
            place->tool = &tools[i];
            return SY_OK;
        }
    return sy_error_set(err, SY_UNAVAILABLE, "neither ipmi-dcmi nor ipmitool is installed");
}

/* "KEY : VALUE" of a line, without blanks around either; false if it is none. */
static bool split_line(const char *line, size_t length, char *out_key, char *out_value, size_t capacity) {
    const char *colon = memchr(line, ':', length);
    if (colon == NULL || length >= capacity)
        return false;
    const char *parts[] = {line, colon + 1};
    const char *ends[] = {colon, line + length};
    char *out[] = {out_key, out_value};
    for (size_t i = 0; i < 2; i++) {
        while (parts[i] < ends[i] && isspace((unsigned char)*parts[i]))
            parts[i]++;
        while (parts[i] < ends[i] && isspace((unsigned char)ends[i][-1]))
            ends[i]--;
        size_t part_length = (size_t)(ends[i] - parts[i]);
        memcpy(out[i], parts[i], part_length);
        out[i][part_length] = '\0';
    }
    return true;
}

/* "164 Watts" */
static sy_status take_watts(const char *value, double *out_watt, sy_error *err) {
    size_t digits = strspn(value, "0123456789");
    if (digits == 0 || strcasecmp(value + digits, " Watts") != 0)
        return sy_answer_number("ipmi", value, '\0', out_watt, err) == SY_OK
                   ? sy_error_set(err, SY_INVALID_ARGUMENT, "ipmi: answers a power without 'Watts'")
                   : SY_INVALID_ARGUMENT;
    return sy_answer_number("ipmi", value, ' ', out_watt, err);
}

static sy_status judge(const ipmi_tool *tool, size_t count, const char *state, double watt, sy_error *err) {
    char shown[40];
    if (count != 1)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "%s: answers %zu lines '%s'; one would be right",
            tool->name, count, tool->power);
    sy_answer_copy(shown, sizeof shown, state);
    if (shown[0] != '\0' && strcasecmp(shown, tool->active) != 0)
        return sy_error_set(err, SY_UNAVAILABLE, "%s: says '%s: %s': the controller does not measure power",
            tool->name, tool->state, shown);
    if (watt == 0.0)
        return sy_error_set(
            err, SY_UNAVAILABLE, "%s: says 0 W: the controller does not measure power", tool->name);
    return sy_answer_power("ipmi", watt, err);
}

/* A machine that answers draws power: 0 W is how controllers say that they do not measure. */
static sy_status parse(const ipmi_tool *tool, const char *text, double *out_watt, sy_error *err) {
    char key[256], value[256], state[256] = "";
    size_t count = 0;
    sy_status status = SY_OK;
    while (status == SY_OK && *text != '\0') {
        size_t length = strcspn(text, "\n");
        if (split_line(text, length, key, value, sizeof key)) {
            if (strcmp(key, tool->power) == 0) {
                count++;
                status = take_watts(value, out_watt, err);
            } else if (strcmp(key, tool->state) == 0) {
                snprintf(state, sizeof state, "%s", value);
            }
        }
        text += length + (text[length] == '\n');
    }
    return status == SY_OK ? judge(tool, count, state, *out_watt, err) : status;
}

/* Says with a failure what the tool said, in its first line. */
static sy_status explain(sy_status status, const sy_text *output, sy_error *err) {
    char line[120], shown[120];
    if (output->data == NULL || status != SY_IO)
        return status;
    const char *begin = output->data + strspn(output->data, " \t\r\n");
    snprintf(line, sizeof line, "%.*s", (int)strcspn(begin, "\n"), begin);
    sy_answer_copy(shown, sizeof shown, line);
    if (shown[0] == '\0')
        return status;
    char text[300];
    snprintf(text, sizeof text, "%.299s", sy_error_text(err, status));
    return sy_error_set(err, status, "%s: %s", text, shown);
}

static sy_status measure(const ipmi_place *place, double *out_watt, sy_error *err) {
    sy_text output = {0};
    sy_status status =
        sy_program_run(place->path, place->tool->arguments, place->folders, place->timeout_ns, &output, err);
    if (status == SY_OK)
        status = parse(place->tool, output.data != NULL ? output.data : "", out_watt, err);
    else
        status = explain(status, &output, err);
    sy_text_release(&output);
    return status;
}

static const char *fix_for(const ipmi_place *place, sy_status status, bool has_device) {
    if (status == SY_REFUSED)
        return "run as root, or let a group read and write /dev/ipmi0 by a udev rule and join it";
    if (!has_device)
        return "modprobe ipmi_si ipmi_devintf";
    if (place->tool == NULL)
        return "install freeipmi-tools or ipmitool";
    return status == SY_UNAVAILABLE ? "ipmitool dcmi power activate; some controllers cannot" : "";
}

static sy_status probe(
    ipmi_place *place, const char *sysroot, bool *out_has_device, double *out_watt, sy_error *err) {
    sy_status status = check_device(sysroot, err);
    *out_has_device = status == SY_OK;
    if (status == SY_OK)
        status = choose_tool(place, err);
    return status == SY_OK ? measure(place, out_watt, err) : status;
}

static sy_status find(const sy_energy_places *places, const char *spec, sy_energy_list *list, sy_error *err) {
    sy_energy_found found = {0};
    sy_error failure = SY_ERROR_INIT;
    ipmi_place place;
    bool has_device = false;
    double watt = 0.0;
    sy_status status = set_place(&place, spec, err);
    if (status == SY_OK)
        status = sy_answer_spec(&found, "ipmi", spec, err);
    if (status != SY_OK)
        return status;
    found.state = probe(&place, places->sysroot, &has_device, &watt, &failure);
    if (found.state != SY_OK) {
        sy_answer_failed(&found, "ipmi", "", SY_ENERGY_SCOPE_NODE, found.state, &failure,
            fix_for(&place, found.state, has_device));
        snprintf(found.facts.name, sizeof found.facts.name, "ipmi");
        return sy_energy_list_append(list, &found, err);
    }
    sy_answer_facts(&found.facts, SY_ENERGY_POWER_INSTANT, SY_ENERGY_SCOPE_NODE);
    sy_answer_name(&found.facts, "ipmi", "power", "");
    found.facts.resolution = 1.0;
    found.facts.update_period_ns = found.facts.least_poll_ns = 1000000000u;
    snprintf(found.facts.detail, sizeof found.facts.detail, "DCMI power reading through %.100s", place.path);
    return sy_energy_list_append(list, &found, err);
}

static sy_status read_meter(sy_energy_meter *base, double *out_value, sy_error *err) {
    sy_status status = measure(&((ipmi_meter *)base)->place, out_value, err);
    return status == SY_OVERFLOW ? SY_IO : status;
}

static void close_meter(sy_energy_meter *base) {
    sy_mem_free(base);
}

static sy_status open_meter(const sy_energy_places *places, const sy_energy_found *found,
    sy_energy_meter **out_meter, sy_error *err) {
    const char *colon = strchr(found->spec, ':');
    bool has_device;
    double watt = 0.0;
    *out_meter = NULL;
    ipmi_meter *meter = sy_mem_calloc(1, sizeof *meter);
    if (meter == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for a meter");
    meter->base = (sy_energy_meter){.read = read_meter, .close = close_meter};
    sy_status status = set_place(&meter->place, colon != NULL ? colon + 1 : NULL, err);
    if (status == SY_OK)
        status = probe(&meter->place, places->sysroot, &has_device, &watt, err);
    if (status != SY_OK)
        close_meter(&meter->base);
    else
        *out_meter = &meter->base;
    return status;
}

const sy_energy_source sy_energy_ipmi = {.name = "ipmi",
    .form = "ipmi[:path=FOLDERS][;timeout=5s]",
    .help = "this machine's management controller, by ipmi-dcmi or ipmitool",
    .is_configured = false,
    .find = find,
    .open = open_meter};
