/* Which CANN it is: a runtime tells the version of its interface only, files beside it that of CANN. */
#ifndef BACKENDS_ASCEND_VERSION_H
#define BACKENDS_ASCEND_VERSION_H

#include <stddef.h>

/** Version out of the files of the installation that a library lies in: version.cfg,
 * ascend_toolkit_install.info in its root. "" if there is none. `library` is a path. */
void ascend_version_read(const char *library, char *out_text, size_t capacity);

/** The version in such a file's text: what follows "version=" at the start of a line, or the first number in
 * the brackets of version.cfg's "..._running_version=[7.3.0.1.231:8.0.RC2]", its last part. "" if there is
 * none. */
void ascend_version_parse(const char *file, char *out_text, size_t capacity);

#endif
