/* Noise of a machine in a file of its own, as `compare --calibrate` writes it. */
#ifndef STEELYARD_VERBS_NOISE_FILE_H
#define STEELYARD_VERBS_NOISE_FILE_H

#include "bench/compare/noise.h"

/** Read it; rows live in `arena`. Errors: SY_IO; those of sy_noise_read(), with the file's name. */
sy_status sy_noise_file_read(const char *path, sy_arena *arena, sy_noise *out_noise, sy_error *err);

/** Write it ("-": standard output), over what is there. Errors: SY_IO, SY_OUT_OF_MEMORY. */
sy_status sy_noise_file_write(const char *path, const sy_noise *noise, sy_error *err);

#endif
