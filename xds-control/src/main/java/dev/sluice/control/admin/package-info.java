/**
 * The gRPC admin API: turns requests into commands and state into resources. May import everything
 * to its right in the package order; protobuf stops here. Methods run on gRPC threads and never
 * block on the writer.
 */
@NullMarked
package dev.sluice.control.admin;

import org.jspecify.annotations.NullMarked;
