/*
 * Trials: what is not written down of CNNL is found out on the card, by small problems whose results are
 * known. Numbers of enumerations that are not public (relu, the algorithm of a convolution), whether f32 is
 * left alone where TF32 is switched off, whether half is summed in f32, whether int8 comes out right. Each is
 * tried once a device, when somebody first wants to know. A wrong number is refused by the library, or gives
 * a wrong result, and changes nothing else.
 */
#ifndef BACKENDS_CAMBRICON_TRIAL_H
#define BACKENDS_CAMBRICON_TRIAL_H

#include "steelyard/backend.h"

typedef enum cambricon_question {
    CAMBRICON_PRODUCT_F32, /* is the product right, with both transposed and beta */
    CAMBRICON_PRODUCT_F16, /* is it summed in f32 */
    CAMBRICON_PRODUCT_S8_F32,
    CAMBRICON_PRODUCT_S8_S32,
    CAMBRICON_CONV_F32, /* the number of an algorithm, and is it right */
    CAMBRICON_CONV_S8,  /* into f32 */
    CAMBRICON_ADD,      /* numbers of operations, in place and with a broadcast operand */
    CAMBRICON_MULTIPLY,
    CAMBRICON_RELU,
    CAMBRICON_QUESTIONS
} cambricon_question;

/** What came out. is_rounded: f32 was rounded to tf32 though that is switched off, or cannot be. */
typedef struct cambricon_finding {
    bool is_known, is_rounded;
    sy_status status;
    int number;
    sy_error reason;
} cambricon_finding;

/**
 * The answer; *out_finding is borrowed from the device. Under ask_lock.
 * Errors: SY_UNSUPPORTED: the library does not do it, or not so; SY_OUT_OF_MEMORY, SY_LOST: could not be
 * tried.
 */
sy_status cambricon_try(
    sy_device *device, cambricon_question question, const cambricon_finding **out_finding, sy_error *err);

/** One question each; as above, into a finding whose number and is_rounded are 0. */
sy_status cambricon_try_product(
    sy_device *device, cambricon_question question, cambricon_finding *out_finding, sy_error *err);
sy_status cambricon_try_conv(
    sy_device *device, cambricon_question question, cambricon_finding *out_finding, sy_error *err);
sy_status cambricon_try_element(
    sy_device *device, cambricon_question question, cambricon_finding *out_finding, sy_error *err);

#endif
