/**
 * Gates and gate sets on the wire: their methods, their form there and back, past revisions and
 * their differences, questions to a gate. Imports {@code desk}. Methods run on gRPC threads and
 * never block on the writer.
 */
@NullMarked
package dev.sluice.control.admin.gate;

import org.jspecify.annotations.NullMarked;
