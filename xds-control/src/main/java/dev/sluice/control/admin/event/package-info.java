/**
 * The log on the wire: search in it, and events as they come. Imports {@code desk}. Methods run on
 * gRPC threads.
 */
@NullMarked
package dev.sluice.control.admin.event;

import org.jspecify.annotations.NullMarked;
