/**
 * Both ends of gRPC for tests, for any method and without generated classes: messages are bytes
 * unless a marshaller says more. May import the root package of the kit only.
 */
@NullMarked
package dev.sluice.testkit.grpc;

import org.jspecify.annotations.NullMarked;
