/** Changes to header fields as plain data. Immutable. */
@NullMarked
package dev.sluice.proxy.snapshot.header;

import org.jspecify.annotations.NullMarked;
