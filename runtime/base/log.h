/* Log lines as values: a sink that is passed along, never a global one. */
#ifndef STEELYARD_BASE_LOG_H
#define STEELYARD_BASE_LOG_H

#include <stdint.h>

/** Where lines go. `level` is the last SY_LOG_* that passes; write NULL drops everything. */
typedef struct sy_logger {
    void (*write)(void *ctx, uint32_t level, const char *text);
    void *ctx;
    uint32_t level;
} sy_logger;

/** Log one line (no newline) if `level` passes; cut at 1023 bytes. NULL logger: nothing. */
__attribute__((format(printf, 3, 4))) void sy_log(
    const sy_logger *logger, uint32_t level, const char *format, ...);

/** A sink: "steelyard: warning: text" on standard error, in one write. Control characters become '?': the
 * text may carry hostile names. ctx is not used. Any thread. */
void sy_log_to_stderr(void *ctx, uint32_t level, const char *text);

/** "error", "warning", "info", "debug"; "?" for another number. */
const char *sy_log_level_name(uint32_t level);

#endif
