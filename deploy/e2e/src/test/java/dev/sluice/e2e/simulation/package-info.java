/**
 * The whole system on one thread in virtual time: the real control plane and real sidecars, without
 * sockets, disks and clocks, under faults that a seed chooses. {@link
 * dev.sluice.e2e.simulation.Simulation} is one run; read it first.
 */
@NullMarked
package dev.sluice.e2e.simulation;

import org.jspecify.annotations.NullMarked;
