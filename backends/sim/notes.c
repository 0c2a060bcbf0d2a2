/* Launches noted and not yet computed: their order, what they read and write, and when they must be computed.
 */
#include <string.h>

#include "backends/sim/sim.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

static bool overlaps(sy_span a, sy_span b) {
    return a.buffer != NULL && a.buffer == b.buffer && a.offset < b.offset + b.bytes &&
           b.offset < a.offset + a.bytes;
}

static bool covers(sy_span outer, sy_span inner) {
    return outer.buffer == inner.buffer && outer.offset <= inner.offset &&
           inner.offset + inner.bytes <= outer.offset + outer.bytes;
}

static sy_span output_of(const sim_note *note) {
    return note->operand[note->plan->n_in];
}

static bool reads(const sim_note *note, sy_span span) {
    for (uint32_t i = 0; i < note->plan->n_in; i++)
        if (overlaps(note->operand[i], span))
            return true;
    return false;
}

static void drop_note(sy_device *device, uint32_t index) {
    sim_plan_release(device->note[index].plan);
    memmove(&device->note[index], &device->note[index + 1],
        (device->note_count - index - 1) * sizeof *device->note);
    device->note_count--;
}

/* Compute everything up to `last`, in order: simple, and right whatever depends on what. */
static void compute_through(sy_device *device, uint32_t last) {
    for (uint32_t done = 0; done <= last; done++)
        sim_compute(&device->note[done]);
    for (uint32_t done = 0; done <= last; done++)
        drop_note(device, 0);
}

/* Compute one note alone if no earlier one touches what it reads or writes, else all up to it. */
static void compute_note(sy_device *device, uint32_t index) {
    sim_note note = device->note[index];
    for (uint32_t i = 0; i < index; i++) {
        sy_span earlier = output_of(&device->note[i]);
        if (reads(&note, earlier) || overlaps(output_of(&note), earlier) ||
            reads(&device->note[i], output_of(&note))) {
            compute_through(device, index);
            return;
        }
    }
    sim_compute(&note);
    drop_note(device, index);
}

void sim_notes_before_read(sy_device *device, sy_span span) {
    for (uint32_t i = device->note_count; i > 0; i--) {
        if (i > device->note_count)
            continue;
        if (overlaps(output_of(&device->note[i - 1]), span))
            compute_note(device, i - 1);
    }
}

void sim_notes_before_write(sy_device *device, sy_span span) {
    device->copied_to = device->copied_from = (sy_span){0};
    for (uint32_t i = device->note_count; i > 0; i--) {
        if (i > device->note_count)
            continue;
        const sim_note *note = &device->note[i - 1];
        sy_span output = output_of(note);
        if (reads(note, span) && !covers(span, output))
            compute_note(device, i - 1);
        else if (covers(span, output) && output.buffer == span.buffer)
            drop_note(device, i - 1);
        else if (overlaps(output, span))
            compute_note(device, i - 1);
    }
}

void sim_notes_before_free(sy_device *device, const sy_buffer *buffer) {
    sy_span whole = {.buffer = (sy_buffer *)(uintptr_t)buffer, .bytes = buffer->bytes};
    sim_notes_before_write(device, whole);
}

sy_status sim_note_launch(sy_queue *queue, const sy_binding *binding) {
    sy_device *device = queue->device;
    sy_span output = binding->operand[binding->plan->n_in];
    bool in_place = false;
    for (uint32_t i = 0; i < binding->plan->n_in; i++)
        in_place = in_place || overlaps(binding->operand[i], output);
    if (!in_place)
        sim_notes_before_write(device, output);
    if (device->note_count == SIM_NOTES_MAX)
        compute_through(device, SIM_NOTES_MAX / 2);
    sim_note *note = &device->note[device->note_count++];
    note->plan = binding->plan;
    note->plan->references++;
    memcpy(note->operand, binding->operand, sizeof note->operand);
    return SY_OK;
}
