/** Certificates for tests: an authority of its own per test. Imports nothing of the kit. */
@NullMarked
package dev.sluice.testkit.tls;

import org.jspecify.annotations.NullMarked;
