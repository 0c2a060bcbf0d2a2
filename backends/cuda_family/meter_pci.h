/* PCI addresses, in the many ways libraries spell them. */
#ifndef BACKENDS_CUDA_FAMILY_METER_PCI_H
#define BACKENDS_CUDA_FAMILY_METER_PCI_H

#include <stdbool.h>
#include <stdint.h>

typedef struct cf_pci {
    uint32_t domain, bus, device, function;
} cf_pci;

/** "[domain:]bus:device[.function]", hexadecimal, at most 8, 2, 2 and 1 digits; false if it is anything else.
 */
bool cf_pci_parse(const char *text, cf_pci *out_pci);

/** As sysfs spells it: "0000:3b:00.0", with more digits where the domain has more. */
void cf_pci_text(const cf_pci *pci, char out_text[24]);

bool cf_pci_equal(const cf_pci *a, const cf_pci *b);

#endif
