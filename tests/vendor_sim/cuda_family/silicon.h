/* The cards themselves, as runtime and management libraries tell them. Settings: name, uuid, pci. */
#ifndef TESTS_VENDOR_SIM_CUDA_FAMILY_SILICON_H
#define TESTS_VENDOR_SIM_CUDA_FAMILY_SILICON_H

#include <stdbool.h>
#include <stdint.h>

#define SILICON_PCI_BYTES 32u

typedef struct silicon_address {
    unsigned domain, bus, device, function;
} silicon_address;

const char *silicon_name(int device);
/** `pci`, 0000:3b:00.0 by default, the next bus for the next device. */
silicon_address silicon_pci_of(int device);
/** As text, with so many digits of the domain. */
void silicon_pci(int device, int domain_digits, bool is_upper, char out_id[SILICON_PCI_BYTES]);
/** Device of an address in any spelling; -1 if there is none. */
int silicon_find(const char *pci);
/** A management library counts in its own order: `order=1,0`: its first is the runtime's device 1. */
int silicon_of_index(int64_t index);

#endif
