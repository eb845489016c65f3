/**
 * The differential suite: the same bootstrap, requests and upstream on stock Envoy and on Sluice,
 * and what clients and upstreams saw compared. Cases are data, in {@code
 * src/test/resources/differential}; differences that are meant stand in {@code
 * docs/envoy-differences.md}, which the suite keeps true. May import the testkit; started processes
 * are in the package above.
 */
@NullMarked
package dev.sluice.e2e.differential;

import org.jspecify.annotations.NullMarked;
