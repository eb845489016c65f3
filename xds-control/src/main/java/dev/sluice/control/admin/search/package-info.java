/**
 * Looking through everything that there is. Imports {@code desk}. Methods run on gRPC threads and
 * never block on the writer.
 */
@NullMarked
package dev.sluice.control.admin.search;

import org.jspecify.annotations.NullMarked;
