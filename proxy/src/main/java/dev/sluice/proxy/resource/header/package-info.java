/** Reads changes to header fields. Stateless. */
@NullMarked
package dev.sluice.proxy.resource.header;

import org.jspecify.annotations.NullMarked;
