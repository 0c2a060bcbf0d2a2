/* Lines of different runs told apart. */
#ifndef STEELYARD_BENCH_RECORD_KEY_H
#define STEELYARD_BENCH_RECORD_KEY_H

#include <stddef.h>
#include <stdint.h>

/** 64 bits of the SHA-256 of a run's id and a row's id. */
uint64_t sy_run_row_key(const char *run_id, const char *row_id);

/** 64 bits of the SHA-256 of a line's bytes. */
uint64_t sy_line_key(const char *text, size_t bytes);

#endif
