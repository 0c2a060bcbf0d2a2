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
    device->note_epoch++;
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

static bool is_apart(const sim_note *note, const sim_note *other) {
    sy_span output = output_of(note);
    return !overlaps(output, output_of(other)) && !reads(other, output) && !reads(note, output_of(other));
}

/* Whether the launch is noted already and no other has to do with it: then doing it again changes nothing. */
static bool is_repeat(const sy_device *device, const sim_note *again) {
    size_t operand_bytes = (again->plan->n_in + again->plan->n_out) * sizeof *again->operand;
    bool is_noted = false;
    for (uint32_t i = 0; i < device->note_count; i++) {
        const sim_note *note = &device->note[i];
        if (note->plan == again->plan && memcmp(note->operand, again->operand, operand_bytes) == 0)
            is_noted = true;
        else if (!is_apart(again, note))
            return false;
    }
    return is_noted;
}

sy_status sim_note_launch(sy_queue *queue, sy_binding *binding) {
    sy_device *device = queue->device;
    if (binding->repeat_epoch == device->note_epoch)
        return SY_OK;
    sim_note again = {.plan = binding->plan};
    memcpy(again.operand, binding->operand, sizeof again.operand);
    bool in_place = reads(&again, output_of(&again));
    if (!in_place && is_repeat(device, &again)) {
        binding->repeat_epoch = device->note_epoch;
        return SY_OK;
    }
    if (!in_place)
        sim_notes_before_write(device, output_of(&again));
    if (device->note_count == SIM_NOTES_MAX)
        compute_through(device, SIM_NOTES_MAX / 2);
    again.plan->references++;
    device->note[device->note_count++] = again;
    device->note_epoch++;
    return SY_OK;
}
