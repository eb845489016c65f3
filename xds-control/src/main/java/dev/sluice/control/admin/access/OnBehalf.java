package dev.sluice.control.admin.access;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.sluice.control.change.Identity;
import dev.sluice.control.change.Principal;
import dev.sluice.control.change.Rights;
import dev.sluice.control.change.Role;
import dev.sluice.replica.v1.Caller;
import io.grpc.Metadata;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The caller of a replica, as it tells another of it. Stateless. */
public final class OnBehalf {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<byte[]> CALLER =
            Metadata.Key.of("sluice-on-behalf-of-bin", Metadata.BINARY_BYTE_MARSHALLER);

    private OnBehalf() {}

    static Metadata headers(String secret, Identity caller) {
        var headers = new Metadata();
        headers.put(AUTHORIZATION, "Bearer " + secret);
        headers.put(CALLER, write(caller).toByteArray());
        return headers;
    }

    /** Whether another replica makes the call. */
    static boolean is(Metadata headers) {
        return headers.containsKey(CALLER);
    }

    /** For whom another replica calls; empty when it doesn't say. */
    static Optional<Identity> of(Metadata headers) {
        byte[] bytes = headers.get(CALLER);
        if (bytes == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(read(Caller.parseFrom(bytes)));
        } catch (InvalidProtocolBufferException | IllegalArgumentException unknown) {
            return Optional.empty();
        }
    }

    public static Caller write(Identity caller) {
        return Caller.newBuilder()
                .setPrincipal(caller.principal().name())
                .setAuthMethod(caller.principal().method().name())
                .addAllRoles(caller.vouched().roles().stream().map(Role::name).toList())
                .addAllGroups(caller.vouched().groups())
                .build();
    }

    /**
     * What {@link #write} wrote.
     *
     * @throws IllegalArgumentException when it names a method or role that is not known here
     */
    public static Identity read(Caller caller) {
        Set<Role> roles =
                caller.getRolesList().stream().map(Role::valueOf).collect(Collectors.toSet());
        return new Identity(
                new Principal(
                        caller.getPrincipal(),
                        Principal.AuthMethod.valueOf(caller.getAuthMethod())),
                new Rights(roles, Set.copyOf(caller.getGroupsList())));
    }
}
