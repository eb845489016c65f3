package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gRPC client without a proxy (grpc-java's {@code xds} resolver) under the control plane. */
class GrpcClientIT {
    private static final Map<String, Integer> ALL_LEGACY = Map.of("legacy", Caller.USERS);
    private static final Map<String, Integer> ALL_NEW = Map.of("new", Caller.USERS);

    @TempDir private Path folder;

    @Test
    void a_client_follows_the_gate_to_a_half_to_all_and_back_by_the_kill() throws Exception {
        try (Site site = Site.openWithGrpc(folder)) {
            GrpcUsers users = site.usersWithoutProxy("client-1");
            assertThat(users.tallyUntil(ALL_LEGACY::equals)).isEqualTo(ALL_LEGACY);

            site.shop().setShare(50);
            assertThat(users.tallyUntil(tally -> tally.getOrDefault("new", 0) > 50))
                    .as("by chance, each call by itself")
                    .containsOnlyKeys("legacy", "new");

            site.shop().setShare(100);
            assertThat(users.tallyUntil(ALL_NEW::equals)).isEqualTo(ALL_NEW);

            site.shop().kill();
            assertThat(users.tallyUntil(ALL_LEGACY::equals)).isEqualTo(ALL_LEGACY);
        }
    }

    @Test
    void a_client_keeps_what_it_has_when_the_control_plane_is_gone_and_hears_it_again()
            throws Exception {
        try (Site site = Site.openWithGrpc(folder)) {
            GrpcUsers users = site.usersWithoutProxy("client-2");
            assertThat(users.tallyUntil(ALL_LEGACY::equals)).isEqualTo(ALL_LEGACY);

            site.killControl();
            assertThat(users.tally()).isEqualTo(ALL_LEGACY);

            site.startControl();
            site.shop().setShare(100);
            assertThat(users.tallyUntil(ALL_NEW::equals)).isEqualTo(ALL_NEW);
        }
    }
}
