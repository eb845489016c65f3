package dev.sluice.proxy.observe;

import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * What is remembered of one attempt at an upstream, where attempts are traced. Immutable.
 *
 * @param span its id
 * @param cluster name
 * @param host address of the endpoint; absent when none could be chosen
 * @param startNanos since the request's head
 * @param endNanos the same
 * @param status of the answer; 0 when there was none
 * @param grpcStatus of the answer; -1 when it is no gRPC or the answer was not used
 * @param error why there was no whole answer, such as {@code upstream_timeout}; empty without
 */
public record AttemptRecord(
        long span,
        String cluster,
        Optional<InetSocketAddress> host,
        long startNanos,
        long endNanos,
        int status,
        int grpcStatus,
        String error) {}
