/* Names of statuses, from the one list in status.h. */
#include "steelyard/status.h"

const char *sy_status_name(sy_status status) {
#define SY_STATUS_ROW(constant, number, name, meaning) [constant] = name,
    static const char *const names[] = {SY_STATUS_LIST(SY_STATUS_ROW)};
#undef SY_STATUS_ROW
    return status >= 0 && (uint32_t)status < sizeof names / sizeof names[0] ? names[status]
                                                                            : "unknown status";
}
