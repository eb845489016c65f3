/**
 * Migrations on the wire, with their ramps, approvals and windows: the methods, and their form
 * there and back. Imports {@code desk}. Methods run on gRPC threads and never block on the writer.
 */
@NullMarked
package dev.sluice.control.admin.migration;

import org.jspecify.annotations.NullMarked;
