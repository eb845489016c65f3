/**
 * One attempt at an upstream, and what follows when it fails: repeats, fallback, hedges.
 * Loop-owned.
 */
@NullMarked
package dev.sluice.proxy.attempt;

import org.jspecify.annotations.NullMarked;
