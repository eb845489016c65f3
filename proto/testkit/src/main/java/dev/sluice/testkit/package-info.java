/** Peers, clocks and checks for tests of every module; depends on the xDS API only. */
@NullMarked
package dev.sluice.testkit;

import org.jspecify.annotations.NullMarked;
