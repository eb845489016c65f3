package dev.sluice.control.admin.access;

import io.grpc.BindableService;
import io.grpc.Channel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The other control planes on the same log, as the admin API sees them. Immutable.
 *
 * @param secret what they prove themselves by; empty when there are none
 * @param leader who answers in place of this one; empty when it answers itself
 * @param services what only they may call
 */
public record Replicas(
        String secret, Supplier<Optional<Channel>> leader, List<BindableService> services) {
    /** A control plane that is alone. */
    public static final Replicas NONE = new Replicas("", Optional::empty, List.of());

    public Replicas {
        services = List.copyOf(services);
    }

    /** Whether a stated secret is theirs; takes as long for every wrong one of its length. */
    boolean is(String stated) {
        return !secret.isEmpty()
                && MessageDigest.isEqual(
                        secret.getBytes(StandardCharsets.UTF_8),
                        stated.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return "Replicas";
    }
}
