/* Products and convolutions of written problems solved by a family with chosen parameters on a device, and
 * compared element by element with the definition. Values are small whole numbers, so that sums are exact. */
#ifndef TESTS_UNIT_BACKENDS_OPENCL_PRODUCTS_H
#define TESTS_UNIT_BACKENDS_OPENCL_PRODUCTS_H

#include "backends/opencl/family.h"
#include "tests/unit/backends/opencl/world.h"

/** A problem with its operands in host memory. offset: elements before each operand in its buffer. */
typedef struct product {
    sy_task task;
    void *data[SY_MAX_TENSORS];
    uint64_t bytes[SY_MAX_TENSORS];
    uint64_t offset;
} product;

/** Read a problem, leave `gap` elements between what lies side by side, line by line, and fill the inputs. */
void product_open(product *p, const char *problem, int64_t gap);
void product_close(product *p);

/** Element `index` of an input, or of the output. */
double product_get(const product *p, uint32_t tensor, int64_t index);
void product_put(product *p, uint32_t tensor, int64_t index, double value);

/** Let the family solve it with these parameters ("": its own choice), in layouts that it wishes for. Fails
 * the test if it refuses, or names other parameters than those. */
void product_run(product *p, world *w, const ocl_family *family, const char *parameters);

/** Fails the test unless every element of the output is what the definition says, and what lies between them
 * untouched. */
void product_check(const product *p, const char *what);

#endif
