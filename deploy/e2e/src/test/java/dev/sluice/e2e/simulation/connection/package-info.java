/** Clients' connections to simulated sidecars: real channels and codecs, in virtual time. */
@NullMarked
package dev.sluice.e2e.simulation.connection;

import org.jspecify.annotations.NullMarked;
