#include "runtime/model/passes/bind.h"

#include <stdio.h>
#include <string.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* What is bound: target[i] is the input that binding i names, n_input where it names a symbol. */
typedef struct binding {
    const sy_net_graph *source;
    const sy_network_bind *bind;
    uint32_t n_bind;
    uint32_t *target;
} binding;

static const sy_net_value *input_of(const sy_net_graph *source, uint32_t index) {
    return &source->value[source->input[index]];
}

static const char *symbol_of(const sy_net_value *input, uint32_t dim) {
    const char *symbol = input->dim_name != NULL ? input->dim_name[dim] : NULL;
    return symbol != NULL && symbol[0] != '\0' && input->tensor.dim[dim] < 0 ? symbol : NULL;
}

static uint32_t rank_of(const sy_net_value *input) {
    return input->tensor.rank <= SY_NET_MAX_RANK ? input->tensor.rank : 0;
}

static bool has_symbol(const sy_net_graph *source, const char *name) {
    for (uint32_t i = 0; i < source->n_input; i++)
        for (uint32_t d = 0; d < rank_of(input_of(source, i)); d++) {
            const char *symbol = symbol_of(input_of(source, i), d);
            if (symbol != NULL && strcmp(symbol, name) == 0)
                return true;
        }
    return false;
}

/* Index of the input of that name, n_input if there is none. */
static uint32_t find_input(const sy_net_graph *source, const char *name) {
    uint32_t i = 0;
    while (i < source->n_input && strcmp(input_of(source, i)->name, name) != 0)
        i++;
    return i;
}

static bool is_of_symbol(const sy_net_graph *source, const sy_network_bind *bind) {
    return bind->rank == 0 && bind->value == NULL && has_symbol(source, bind->name);
}

static void append(char *text, size_t room, const char *more) {
    size_t used = strlen(text);
    snprintf(text + used, room - used, "%s%s", used > 0 ? ", " : "", more);
}

/* What could have been bound. */
static sy_status unknown_name(const sy_net_graph *source, const char *name, sy_error *err) {
    char inputs[160] = "", symbols[160] = "";
    for (uint32_t i = 0; i < source->n_input; i++) {
        append(inputs, sizeof inputs, input_of(source, i)->name);
        for (uint32_t d = 0; d < rank_of(input_of(source, i)); d++) {
            const char *symbol = symbol_of(input_of(source, i), d);
            if (symbol != NULL && strstr(symbols, symbol) == NULL)
                append(symbols, sizeof symbols, symbol);
        }
    }
    return sy_error_set(err, SY_INVALID_ARGUMENT,
        "'%s' is neither an extent nor an input of the network; extents: %s; inputs: %s", name,
        symbols[0] != '\0' ? symbols : "none", inputs[0] != '\0' ? inputs : "none");
}

/* Extents that were bound to input `index` by its name. */
static sy_status take_extents(
    const sy_net_value *input, const sy_network_bind *bind, sy_net_tensor *out, sy_error *err) {
    bool is_any = input->tensor.rank == SY_NET_UNKNOWN_RANK;
    if (bind->rank > SY_NET_MAX_RANK || (!is_any && bind->rank != input->tensor.rank))
        return sy_error_set(err, SY_INVALID_ARGUMENT, "input '%s': %u extents are bound, the network says %u",
            input->name, bind->rank, is_any ? SY_NET_MAX_RANK : input->tensor.rank);
    out->rank = bind->rank;
    for (uint32_t d = 0; d < bind->rank; d++) {
        bool is_open = is_any || input->tensor.dim[d] < 0;
        if (bind->dim[d] < 0 || (!is_open && bind->dim[d] != input->tensor.dim[d]))
            return sy_error_set(err, SY_INVALID_ARGUMENT, "input '%s': extent %u is bound to %lld, %s %lld",
                input->name, d, (long long)bind->dim[d], is_open ? "must be at least" : "the network says",
                is_open ? 0LL : (long long)input->tensor.dim[d]);
        out->dim[d] = bind->dim[d];
    }
    /* The caller's values are read only. */
    out->data = (void *)(uintptr_t)bind->value;
    return SY_OK;
}

static sy_status bind_inputs(const binding *this, sy_net_tensor *out, sy_error *err) {
    const sy_net_graph *source = this->source;
    sy_status status = SY_OK;
    for (uint32_t i = 0; i < this->n_bind && status == SY_OK; i++) {
        const sy_network_bind *bind = &this->bind[i];
        if (bind->name == NULL)
            return sy_error_set(err, SY_INVALID_ARGUMENT, "binding %u has no name", i);
        bool is_symbol = is_of_symbol(source, bind);
        uint32_t index = is_symbol ? source->n_input : find_input(source, bind->name);
        this->target[i] = index;
        if (!is_symbol)
            status = index == source->n_input ? unknown_name(source, bind->name, err)
                                              : take_extents(input_of(source, index), bind, &out[index], err);
    }
    return status;
}

/* The extent of a symbol: bound itself, else the first that a bound input gives it, else 1. */
static int64_t extent_of(const binding *this, const sy_net_tensor *out, const char *symbol) {
    const sy_net_graph *source = this->source;
    for (uint32_t i = 0; i < this->n_bind; i++)
        if (this->target[i] == source->n_input && strcmp(this->bind[i].name, symbol) == 0)
            return this->bind[i].dim[0];
    for (uint32_t i = 0; i < this->n_bind; i++) {
        uint32_t index = this->target[i];
        for (uint32_t d = 0; index < source->n_input && d < rank_of(input_of(source, index)); d++) {
            const char *other = symbol_of(input_of(source, index), d);
            if (other != NULL && strcmp(other, symbol) == 0)
                return out[index].dim[d];
        }
    }
    return 1;
}

/* Extents that are still open, and that all of one symbol agree. */
static sy_status settle(const binding *this, uint32_t index, sy_net_tensor *out, sy_error *err) {
    const sy_net_value *input = input_of(this->source, index);
    sy_net_tensor *tensor = &out[index];
    if (tensor->rank == SY_NET_UNKNOWN_RANK)
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "input '%s': the network does not say how many extents it has: bind them", input->name);
    for (uint32_t d = 0; d < tensor->rank; d++) {
        const char *symbol = d < rank_of(input) ? symbol_of(input, d) : NULL;
        int64_t extent = symbol != NULL ? extent_of(this, out, symbol) : 1;
        if (extent < 0 || (symbol != NULL && tensor->dim[d] >= 0 && tensor->dim[d] != extent))
            return sy_error_set(err, SY_INVALID_ARGUMENT,
                "input '%s': extent %u, '%s', is bound to %lld and to %lld", input->name, d, symbol,
                (long long)tensor->dim[d], (long long)extent);
        if (tensor->dim[d] < 0)
            tensor->dim[d] = extent;
    }
    sy_status status = sy_net_tensor_check(tensor, err);
    return status == SY_OK ? SY_OK : sy_error_prefix(err, status, "input '%s'", input->name);
}

sy_status sy_net_bind(const sy_net_graph *source, const sy_network_bind *bind, uint32_t n_bind,
    sy_net_tensor *out, sy_error *err) {
    binding this = {source, bind, n_bind, sy_mem_calloc((size_t)n_bind + 1, sizeof *this.target)};
    if (this.target == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for %u bindings", n_bind);
    for (uint32_t i = 0; i < source->n_input; i++) {
        out[i] = input_of(source, i)->tensor;
        out[i].data = NULL;
    }
    sy_status status = bind_inputs(&this, out, err);
    for (uint32_t i = 0; i < source->n_input && status == SY_OK; i++)
        status = settle(&this, i, out, err);
    sy_mem_free(this.target);
    return status;
}
