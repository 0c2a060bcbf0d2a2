/* Log lines and the sink on standard error. */
#include "runtime/base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "runtime/base/seam.h"
#include "steelyard/backend.h"

void sy_log(const sy_logger *logger, uint32_t level, const char *format, ...) {
    char text[1024];
    if (logger == NULL || logger->write == NULL || level > logger->level)
        return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    logger->write(logger->ctx, level, text);
}

const char *sy_log_level_name(uint32_t level) {
    static const char *const names[] = {[SY_LOG_ERROR] = "error",
        [SY_LOG_WARNING] = "warning",
        [SY_LOG_INFO] = "info",
        [SY_LOG_DEBUG] = "debug"};
    return level >= SY_LOG_ERROR && level <= SY_LOG_DEBUG ? names[level] : "?";
}

void sy_log_to_stderr(void *ctx, uint32_t level, const char *text) {
    char line[1100];
    (void)ctx;
    int length = snprintf(line, sizeof line - 1, "steelyard: %s: %s", sy_log_level_name(level), text);
    if (length < 0)
        return;
    size_t bytes = (size_t)length < sizeof line - 1 ? (size_t)length : sizeof line - 2;
    for (size_t i = 0; i < bytes; i++)
        if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f)
            line[i] = '?';
    line[bytes] = '\n';
    sy_file_write_all(STDERR_FILENO, line, bytes + 1);
}
