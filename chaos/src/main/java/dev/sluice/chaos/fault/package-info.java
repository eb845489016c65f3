/** Injects and takes back faults. */
@NullMarked
package dev.sluice.chaos.fault;

import org.jspecify.annotations.NullMarked;
