/**
 * Peers, clocks and checks for the tests of every module: {@link dev.sluice.testkit.ManualClock},
 * {@link dev.sluice.testkit.Seeds}, {@link dev.sluice.testkit.LeakCheck} here; scripted upstreams
 * and raw clients in {@code http} and {@code grpc}; both ends of xDS in {@code xds}; certificates
 * in {@code tls}. Depends on the xDS API, Netty and grpc-java only, never on the contract, so that
 * the contract's own tests can use it. Everything that waits gives up after {@link
 * dev.sluice.testkit.Patience#LIMIT} with a sentence that says for what it waited.
 */
@NullMarked
package dev.sluice.testkit;

import org.jspecify.annotations.NullMarked;
