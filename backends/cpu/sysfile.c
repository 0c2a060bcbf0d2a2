/* Numbers and fields of /proc and /sys files; knows nothing of what they mean. */
#include "backends/cpu/sysfile.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/base/sysfs.h"

bool sy_cpu_file_text(const char *sysroot, const char *path, char *out_text, size_t capacity) {
    sy_status status = sy_sysfs_text(sysroot, path, out_text, capacity, NULL);
    return status == SY_OK || status == SY_OVERFLOW;
}

/* Leading digits of a text, after blanks. */
static bool leading_u64(const char *text, uint64_t *out_value) {
    while (isspace((unsigned char)*text))
        text++;
    if (!isdigit((unsigned char)*text))
        return false;
    errno = 0;
    *out_value = strtoull(text, NULL, 10);
    return errno == 0;
}

bool sy_cpu_file_u64(const char *sysroot, const char *path, uint64_t *out_value) {
    char text[64];
    return sy_cpu_file_text(sysroot, path, text, sizeof text) && leading_u64(text, out_value);
}

/* Where the value begins if `line` is about `key`, else NULL. */
static const char *value_of(const char *line, const char *key, size_t key_length) {
    if (strncmp(line, key, key_length) != 0)
        return NULL;
    const char *next = line + key_length;
    if (*next != ':' && *next != ' ' && *next != '\t')
        return NULL;
    next += strspn(next, " \t");
    if (*next == ':')
        next++;
    return next + strspn(next, " \t");
}

bool sy_cpu_text_field(const char *text, const char *key, char *out_value, size_t capacity) {
    size_t key_length = strlen(key);
    out_value[0] = '\0';
    for (const char *line = text; line != NULL && *line != '\0';) {
        const char *value = value_of(line, key, key_length);
        if (value != NULL) {
            snprintf(out_value, capacity, "%.*s", (int)strcspn(value, "\n"), value);
            return true;
        }
        line = strchr(line, '\n');
        line = line != NULL ? line + 1 : NULL;
    }
    return false;
}

bool sy_cpu_text_field_u64(const char *text, const char *key, uint64_t *out_value) {
    char value[64];
    return sy_cpu_text_field(text, key, value, sizeof value) && leading_u64(value, out_value);
}
