/**
 * Envoy resources as records: the protobuf classes of the configuration stop here. Imports snapshot
 * and the contract. Immutable, free of clocks, randomness and sockets.
 */
@NullMarked
package dev.sluice.proxy.resource;

import org.jspecify.annotations.NullMarked;
