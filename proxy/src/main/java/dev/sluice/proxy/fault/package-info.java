/** Faults between the decision and the attempts. Loop-owned. */
@NullMarked
package dev.sluice.proxy.fault;

import org.jspecify.annotations.NullMarked;
