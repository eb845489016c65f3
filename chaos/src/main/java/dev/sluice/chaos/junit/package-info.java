/**
 * Faults for the tests of a service, declared by annotations and undone after each test. Start at
 * {@code ChaosExtension}. Needs {@code junit-jupiter-api}, which the caller brings. Used by the
 * threads of tests.
 */
@NullMarked
package dev.sluice.chaos.junit;

import org.jspecify.annotations.NullMarked;
