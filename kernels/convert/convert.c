/* Array conversions of the narrow floating-point types: plain loops that compilers vectorise. */
#include "kernels/convert/convert.h"

void sy_f16_array_to_f32(const uint16_t *restrict source, size_t count, float *restrict out_values) {
    for (size_t i = 0; i < count; i++)
        out_values[i] = sy_f16_to_f32(source[i]);
}

void sy_bf16_array_to_f32(const uint16_t *restrict source, size_t count, float *restrict out_values) {
    for (size_t i = 0; i < count; i++)
        out_values[i] = sy_bf16_to_f32(source[i]);
}

void sy_f8e4m3_array_to_f32(const uint8_t *restrict source, size_t count, float *restrict out_values) {
    for (size_t i = 0; i < count; i++)
        out_values[i] = sy_f8e4m3_to_f32(source[i]);
}

void sy_f8e5m2_array_to_f32(const uint8_t *restrict source, size_t count, float *restrict out_values) {
    for (size_t i = 0; i < count; i++)
        out_values[i] = sy_f8e5m2_to_f32(source[i]);
}

void sy_f16_array_from_f32(const float *restrict source, size_t count, uint16_t *restrict out_codes) {
    for (size_t i = 0; i < count; i++)
        out_codes[i] = sy_f16_from_f32(source[i]);
}

void sy_bf16_array_from_f32(const float *restrict source, size_t count, uint16_t *restrict out_codes) {
    for (size_t i = 0; i < count; i++)
        out_codes[i] = sy_bf16_from_f32(source[i]);
}

void sy_f8e4m3_array_from_f32(const float *restrict source, size_t count, uint8_t *restrict out_codes) {
    for (size_t i = 0; i < count; i++)
        out_codes[i] = sy_f8e4m3_from_f32(source[i]);
}

void sy_f8e5m2_array_from_f32(const float *restrict source, size_t count, uint8_t *restrict out_codes) {
    for (size_t i = 0; i < count; i++)
        out_codes[i] = sy_f8e5m2_from_f32(source[i]);
}

void sy_f16_array_to_f64(const uint16_t *restrict source, size_t count, double *restrict out_values) {
    for (size_t i = 0; i < count; i++)
        out_values[i] = sy_f16_to_f32(source[i]);
}

void sy_bf16_array_to_f64(const uint16_t *restrict source, size_t count, double *restrict out_values) {
    for (size_t i = 0; i < count; i++)
        out_values[i] = sy_bf16_to_f32(source[i]);
}

void sy_f8e4m3_array_to_f64(const uint8_t *restrict source, size_t count, double *restrict out_values) {
    for (size_t i = 0; i < count; i++)
        out_values[i] = sy_f8e4m3_to_f32(source[i]);
}

void sy_f8e5m2_array_to_f64(const uint8_t *restrict source, size_t count, double *restrict out_values) {
    for (size_t i = 0; i < count; i++)
        out_values[i] = sy_f8e5m2_to_f32(source[i]);
}

void sy_f16_array_from_f64(const double *restrict source, size_t count, uint16_t *restrict out_codes) {
    for (size_t i = 0; i < count; i++)
        out_codes[i] = sy_f16_from_f64(source[i]);
}

void sy_bf16_array_from_f64(const double *restrict source, size_t count, uint16_t *restrict out_codes) {
    for (size_t i = 0; i < count; i++)
        out_codes[i] = sy_bf16_from_f64(source[i]);
}

void sy_f8e4m3_array_from_f64(const double *restrict source, size_t count, uint8_t *restrict out_codes) {
    for (size_t i = 0; i < count; i++)
        out_codes[i] = sy_f8e4m3_from_f64(source[i]);
}

void sy_f8e5m2_array_from_f64(const double *restrict source, size_t count, uint8_t *restrict out_codes) {
    for (size_t i = 0; i < count; i++)
        out_codes[i] = sy_f8e5m2_from_f64(source[i]);
}
