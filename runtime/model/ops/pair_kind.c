/* What two elements become. */
#include <math.h>
#include <string.h>

#include "runtime/model/ops/pair.h"

static double add(double a, double b) {
    return a + b;
}
static double subtract(double a, double b) {
    return a - b;
}
static double multiply(double a, double b) {
    return a * b;
}
static double divide(double a, double b) {
    return a / b;
}
static double larger(double a, double b) {
    return a > b || isnan(a) ? a : b;
}
static double smaller(double a, double b) {
    return a < b || isnan(a) ? a : b;
}
static double parametric(double a, double b) {
    return a < 0 ? a * b : a;
}

static bool is_less(uint64_t a, uint64_t b, bool is_unsigned) {
    return is_unsigned ? a < b : (int64_t)a < (int64_t)b;
}
static uint64_t integer_add(uint64_t a, uint64_t b, bool is_unsigned) {
    return (void)is_unsigned, a + b;
}
static uint64_t integer_subtract(uint64_t a, uint64_t b, bool is_unsigned) {
    return (void)is_unsigned, a - b;
}
static uint64_t integer_multiply(uint64_t a, uint64_t b, bool is_unsigned) {
    return (void)is_unsigned, a * b;
}
static uint64_t integer_divide(uint64_t a, uint64_t b, bool is_unsigned) {
    if (b == 0)
        return 0;
    if (is_unsigned)
        return a / b;
    return b == UINT64_MAX ? 0 - a : (uint64_t)((int64_t)a / (int64_t)b);
}
/* The sign of the dividend, as in C. */
static uint64_t integer_rest(uint64_t a, uint64_t b, bool is_unsigned) {
    return b == 0 ? 0 : a - integer_divide(a, b, is_unsigned) * b;
}
/* The sign of the divisor, as in Python. */
static uint64_t integer_modulo(uint64_t a, uint64_t b, bool is_unsigned) {
    uint64_t rest = integer_rest(a, b, is_unsigned);
    return !is_unsigned && rest != 0 && (int64_t)(rest ^ b) < 0 ? rest + b : rest;
}
static uint64_t integer_larger(uint64_t a, uint64_t b, bool is_unsigned) {
    return is_less(a, b, is_unsigned) ? b : a;
}
static uint64_t integer_smaller(uint64_t a, uint64_t b, bool is_unsigned) {
    return is_less(b, a, is_unsigned) ? b : a;
}
static uint64_t integer_parametric(uint64_t a, uint64_t b, bool is_unsigned) {
    return is_less(a, 0, is_unsigned) ? a * b : a;
}
static uint64_t logical_and(uint64_t a, uint64_t b, bool is_unsigned) {
    return (void)is_unsigned, a != 0 && b != 0;
}
static uint64_t logical_or(uint64_t a, uint64_t b, bool is_unsigned) {
    return (void)is_unsigned, a != 0 || b != 0;
}
static uint64_t logical_xor(uint64_t a, uint64_t b, bool is_unsigned) {
    return (void)is_unsigned, (a != 0) != (b != 0);
}
static uint64_t bits_and(uint64_t a, uint64_t b, bool is_unsigned) {
    return (void)is_unsigned, a & b;
}
static uint64_t bits_or(uint64_t a, uint64_t b, bool is_unsigned) {
    return (void)is_unsigned, a | b;
}
static uint64_t bits_xor(uint64_t a, uint64_t b, bool is_unsigned) {
    return (void)is_unsigned, a ^ b;
}
static uint64_t shift_left(uint64_t a, uint64_t b, bool is_unsigned) {
    return (void)is_unsigned, b < 64 ? a << b : 0;
}
static uint64_t shift_right(uint64_t a, uint64_t b, bool is_unsigned) {
    return (void)is_unsigned, b < 64 ? a >> b : 0;
}

uint64_t sy_ops_power(uint64_t base, uint64_t exponent, bool is_unsigned) {
    uint64_t power = 1;
    if (!is_unsigned && (int64_t)exponent < 0) { /* only 1 and -1 have an inverse */
        if (base != 1 && base != UINT64_MAX)
            return 0;
        exponent &= 1;
    }
    for (; exponent != 0; exponent >>= 1, base *= base)
        if (exponent & 1)
            power *= base;
    return power;
}

#define INTEGERS (SY_OPS_SIGNED | SY_OPS_UNSIGNED)
static const sy_ops_pair pairs[] = {
    {"Add", SY_OPS_NUMBERS, SY_NN_ADD, add, integer_add},
    {"Sub", SY_OPS_NUMBERS, SY_NN_SUB, subtract, integer_subtract},
    {"Mul", SY_OPS_NUMBERS, SY_NN_MUL, multiply, integer_multiply},
    {"Div", SY_OPS_NUMBERS, SY_NN_DIV, divide, integer_divide},
    {"Max", SY_OPS_NUMBERS, SY_NN_MAX, larger, integer_larger},
    {"Min", SY_OPS_NUMBERS, SY_NN_MIN, smaller, integer_smaller},
    {"Sum", SY_OPS_FLOATS, SY_NN_ADD, add, NULL},
    {"Mean", SY_OPS_FLOATS, SY_NN_ADD, add, NULL},
    {"PRelu", SY_OPS_NUMBERS, SY_NN_PRELU, parametric, integer_parametric},
    {"Mod", INTEGERS, SY_OPS_NO_KERNEL, NULL, integer_modulo},
    {"Fmod", SY_OPS_NUMBERS, SY_OPS_NO_KERNEL, fmod, integer_rest},
    {"And", SY_OPS_BOOL, SY_OPS_NO_KERNEL, NULL, logical_and},
    {"Or", SY_OPS_BOOL, SY_OPS_NO_KERNEL, NULL, logical_or},
    {"Xor", SY_OPS_BOOL, SY_OPS_NO_KERNEL, NULL, logical_xor},
    {"BitwiseAnd", INTEGERS, SY_OPS_NO_KERNEL, NULL, bits_and},
    {"BitwiseOr", INTEGERS, SY_OPS_NO_KERNEL, NULL, bits_or},
    {"BitwiseXor", INTEGERS, SY_OPS_NO_KERNEL, NULL, bits_xor},
    {"ShiftLeft", SY_OPS_UNSIGNED, SY_OPS_NO_KERNEL, NULL, shift_left},
    {"ShiftRight", SY_OPS_UNSIGNED, SY_OPS_NO_KERNEL, NULL, shift_right},
};

const sy_ops_pair *sy_ops_pair_find(const char *name) {
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        if (strcmp(pairs[i].name, name) == 0)
            return &pairs[i];
    return NULL;
}
