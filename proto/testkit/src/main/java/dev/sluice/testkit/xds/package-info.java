/**
 * Both ends of xDS v3 for tests, state-of-the-world and incremental, for any resource type and,
 * incrementally, for any service that speaks the delta messages. May import the root package of the
 * kit and {@code grpc}.
 */
@NullMarked
package dev.sluice.testkit.xds;

import org.jspecify.annotations.NullMarked;
