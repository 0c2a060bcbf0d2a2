/* Element types as kernels see them: definitions for element.cl. */
#ifndef BACKENDS_OPENCL_ELEMENT_H
#define BACKENDS_OPENCL_ELEMENT_H

#include "backends/opencl/recipe.h"
#include "backends/opencl/traits.h"
#include "steelyard/types.h"

/**
 * Whether kernels can hold elements of `dtype` on that device. Errors: SY_UNSUPPORTED: f8 types; f64 where
 * the device has no fp64 ("f64: the device has no double precision").
 */
sy_status ocl_element_check(const ocl_traits *traits, uint32_t dtype, sy_error *err);

/** The OpenCL C type an element is stored as ("ushort" for bf16), and the one its value is computed in
 * ("float"). */
const char *ocl_element_type(uint32_t dtype);
const char *ocl_element_value(uint32_t dtype);

/**
 * Define for the operand called `prefix` ("L"): L_T (type in memory), L_VALUE, and L_LOAD(p, i), L_LOADV(p,
 * i): one value, VW values. HAS_F64 goes with the first f64.
 */
void ocl_define_load(ocl_recipe *recipe, const char *prefix, uint32_t dtype);

/** Likewise D_T, D_STORE(v, p, i), D_STOREV(v, p, i). */
void ocl_define_store(ocl_recipe *recipe, const char *prefix, uint32_t dtype);

#endif
