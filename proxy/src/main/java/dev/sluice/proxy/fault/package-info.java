/**
 * Faults between the decision and the attempts. Read ArmFaults first: it stands before the pool of
 * an endpoint and hands out connections that fail as asked. FaultBook holds the leases and is
 * thread-safe; all else is loop-owned. Imports pool, exchange and observe, and the contract's
 * words.
 */
@NullMarked
package dev.sluice.proxy.fault;

import org.jspecify.annotations.NullMarked;
