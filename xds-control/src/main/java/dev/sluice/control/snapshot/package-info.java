/**
 * What a node should have: Envoy resources and compiled gates, rendered from a catalog. Pure; owns
 * the port Publisher.
 */
@NullMarked
package dev.sluice.control.snapshot;

import org.jspecify.annotations.NullMarked;
