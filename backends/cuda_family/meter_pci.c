/* PCI addresses as text. */
#include "backends/cuda_family/meter_pci.h"

#include <ctype.h>
#include <stdio.h>

static uint32_t digit_value(char c) {
    return (uint32_t)(isdigit((unsigned char)c) ? c - '0' : tolower((unsigned char)c) - 'a' + 10);
}

/* A number of 1 to `most` digits; moves *at behind it. */
static bool take_number(const char **at, uint32_t most, uint32_t *out_value) {
    uint32_t count = 0;
    *out_value = 0;
    for (; count < most && isxdigit((unsigned char)**at); count++, (*at)++)
        *out_value = *out_value * 16 + digit_value(**at);
    return count > 0;
}

static bool take_mark(const char **at, char mark) {
    if (**at != mark)
        return false;
    (*at)++;
    return true;
}

bool cf_pci_parse(const char *text, cf_pci *out_pci) {
    uint32_t number[3] = {0};
    uint32_t count = 0;
    const char *at = text;
    *out_pci = (cf_pci){0};
    do {
        if (count == 3 || !take_number(&at, 8, &number[count++]))
            return false;
    } while (take_mark(&at, ':'));
    if (count < 2)
        return false;
    out_pci->domain = count == 3 ? number[0] : 0;
    out_pci->bus = number[count - 2];
    out_pci->device = number[count - 1];
    if (take_mark(&at, '.') && !take_number(&at, 1, &out_pci->function))
        return false;
    return *at == '\0' && out_pci->bus <= 0xff && out_pci->device <= 0x1f && out_pci->function <= 7;
}

void cf_pci_text(const cf_pci *pci, char out_text[24]) {
    snprintf(out_text, 24, "%04x:%02x:%02x.%x", pci->domain, pci->bus & 0xffu, pci->device & 0xffu,
        pci->function & 0xfu);
}

bool cf_pci_equal(const cf_pci *a, const cf_pci *b) {
    return a->domain == b->domain && a->bus == b->bus && a->device == b->device && a->function == b->function;
}
