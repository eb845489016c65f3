/**
 * Services, versions, routes and nodes on the wire: their methods, and their form there and back.
 * Imports {@code desk}. Methods run on gRPC threads and never block on the writer.
 */
@NullMarked
package dev.sluice.control.admin.structure;

import org.jspecify.annotations.NullMarked;
