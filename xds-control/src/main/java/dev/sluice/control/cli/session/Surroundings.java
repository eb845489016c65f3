package dev.sluice.control.cli.session;

import io.grpc.ManagedChannel;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Everything that a command takes from outside, so that a test can give it. Immutable.
 *
 * @param in what {@code -f -} reads
 * @param out for results
 * @param err for errors and remarks
 * @param environment environment variables
 * @param home folder of the user
 * @param clock for ages in tables
 * @param requestIds ids of changes, each given once
 * @param dial opens a connection
 */
public record Surroundings(
        InputStream in,
        PrintWriter out,
        PrintWriter err,
        Map<String, String> environment,
        Path home,
        InstantSource clock,
        Supplier<UUID> requestIds,
        Function<Target, ManagedChannel> dial) {
    public Surroundings {
        environment = Map.copyOf(environment);
    }
}
