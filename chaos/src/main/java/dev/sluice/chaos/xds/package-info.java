/**
 * A proxy of xDS between nodes and their control plane, which breaks what passes it for as long as
 * somebody leases a fault. Start at {@code XdsProxy}. Imports nothing of this module. Everything
 * happens on the one thread of {@code XdsProxy}; only its HTTP API has threads of its own.
 */
@NullMarked
package dev.sluice.chaos.xds;

import org.jspecify.annotations.NullMarked;
