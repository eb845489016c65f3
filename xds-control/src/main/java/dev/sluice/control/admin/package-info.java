/**
 * The server of the admin API. It puts the services of the packages below on one port; start with
 * {@link AdminServer}, then {@code desk}. Protobuf stops here: inside are commands and state. May
 * import everything to its right in the package order. Methods run on gRPC threads and never block
 * on the writer.
 */
@NullMarked
package dev.sluice.control.admin;

import org.jspecify.annotations.NullMarked;
