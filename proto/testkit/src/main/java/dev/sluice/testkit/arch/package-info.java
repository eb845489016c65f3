/** The package order as a test. */
@NullMarked
package dev.sluice.testkit.arch;

import org.jspecify.annotations.NullMarked;
