/**
 * Files of resources as the wanted state: what they hold, how that differs from what is there, and
 * in which order it is made so. Imports {@code resource}, {@code output} and {@code session}.
 * Immutable, but for what waits on a call.
 */
@NullMarked
package dev.sluice.control.cli.bundle;

import org.jspecify.annotations.NullMarked;
