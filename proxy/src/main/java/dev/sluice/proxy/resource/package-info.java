/**
 * Whole documents and resources as records: the bootstrap, and one resource of each type that xDS
 * delivers. Imports snapshot and the contract. Immutable, free of clocks, randomness and sockets.
 */
@NullMarked
package dev.sluice.proxy.resource;

import org.jspecify.annotations.NullMarked;
