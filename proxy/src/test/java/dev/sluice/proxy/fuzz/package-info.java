/**
 * Fuzz targets of everything that reads what others send. A build runs them on their seeds and on
 * the inputs that once failed, which stand in the resources of the same name; with the environment
 * variable {@code JAZZER_FUZZ=1} one target at a time searches for more.
 */
@NullMarked
package dev.sluice.proxy.fuzz;

import org.jspecify.annotations.NullMarked;
