/* Texts as values of XML. */
#ifndef STEELYARD_BENCH_REPORT_XML_TEXT_H
#define STEELYARD_BENCH_REPORT_XML_TEXT_H

#include "runtime/base/text.h"

/** Append a clean text (UTF-8 without control characters) as the value of an attribute or as an element's
 * text: five characters escaped. Source: XML 1.0, section 2.4. */
void sy_xml_text(sy_text *out, const char *clean);

/** Append ` name="value"`. */
void sy_xml_attribute(sy_text *out, const char *name, const char *clean_value);

#endif
