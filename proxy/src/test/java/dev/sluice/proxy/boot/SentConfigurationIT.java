package dev.sluice.proxy.boot;

import static dev.sluice.proxy.boot.Xds.CDS;
import static dev.sluice.proxy.boot.Xds.EDS;
import static dev.sluice.proxy.boot.Xds.GATES;
import static dev.sluice.proxy.boot.Xds.LDS;
import static dev.sluice.proxy.boot.Xds.RDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import com.google.protobuf.util.Timestamps;
import dev.sluice.proxy.resource.RefusedResource;
import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.tls.TestCertificates;
import dev.sluice.testkit.tls.TestCertificates.Issued;
import dev.sluice.testkit.xds.ScriptedAds;
import dev.sluice.testkit.xds.StandingConfig;
import io.envoyproxy.envoy.admin.v3.ClustersConfigDump;
import io.envoyproxy.envoy.admin.v3.ClustersConfigDump.DynamicCluster;
import io.envoyproxy.envoy.admin.v3.ConfigDump;
import io.envoyproxy.envoy.admin.v3.ListenersConfigDump;
import io.envoyproxy.envoy.admin.v3.ListenersConfigDump.DynamicListener;
import io.envoyproxy.envoy.admin.v3.RoutesConfigDump;
import io.envoyproxy.envoy.admin.v3.UpdateFailureState;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a management server sent, as {@code /config_dump} shows it. */
@ExtendWith(LeakCheck.class)
class SentConfigurationIT {
    @TempDir private Path folder;

    @Test
    void what_a_management_server_sent_is_dumped_with_its_versions() throws Exception {
        StandingConfig config =
                new StandingConfig()
                        .put(CDS, "old", Xds.cluster("old"))
                        .put(EDS, "old", Xds.endpoints("old", 1))
                        .put(LDS, "main", Xds.listener("main", "r"))
                        .put(RDS, "r", Xds.routes("r", "old"));
        try (ScriptedAds ads = ScriptedAds.serving(config, GATES);
                ManagedProxy proxy =
                        ManagedProxy.start(Xds.bootstrap("DELTA_GRPC", ads.port())).awaitReady();
                AdminView admin = AdminView.of(proxy.proxy(), proxy.origin())) {
            ConfigDump dump = admin.dump("/config_dump");

            ClustersConfigDump clusters = dump.getConfigs(1).unpack(ClustersConfigDump.class);
            assertThat(clusters.getStaticClustersCount()).as("the server's own").isEqualTo(1);
            assertThat(clusters.getDynamicActiveClusters(0).getVersionInfo()).isEqualTo("1");
            assertThat(clusters.getDynamicActiveClusters(0).hasErrorState()).isFalse();
            DynamicListener listener =
                    dump.getConfigs(2).unpack(ListenersConfigDump.class).getDynamicListeners(0);
            assertThat(listener.getName()).isEqualTo("main");
            assertThat(listener.getActiveState().getListener().unpack(Listener.class))
                    .isEqualTo(Xds.listener("main", "r"));
            assertThat(
                            dump.getConfigs(3)
                                    .unpack(RoutesConfigDump.class)
                                    .getDynamicRouteConfigsCount())
                    .isEqualTo(1);
        }
    }

    private static ClustersConfigDump clusters(AdminView admin) throws Exception {
        return admin.dump("/config_dump").getConfigs(1).unpack(ClustersConfigDump.class);
    }

    private static DynamicCluster only(ClustersConfigDump dump) {
        assertThat(dump.getDynamicActiveClustersList()).hasSize(1);
        assertThat(dump.getDynamicWarmingClustersList()).isEmpty();
        return dump.getDynamicActiveClusters(0);
    }

    private static boolean isRefused(AdminView admin) {
        try {
            return only(clusters(admin)).hasErrorState();
        } catch (Exception broken) {
            throw new AssertionError(broken);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GRPC", "DELTA_GRPC"})
    void what_was_refused_is_dumped_beside_what_is_held(String protocol) throws Exception {
        StandingConfig config =
                new StandingConfig()
                        .put(CDS, "old", Xds.cluster("old"))
                        .put(EDS, "old", Xds.endpoints("old", 1))
                        .put(LDS, "main", Xds.listener("main", "r"))
                        .put(RDS, "r", Xds.routes("r", "old"));
        try (ScriptedAds ads = ScriptedAds.serving(config, GATES);
                ManagedProxy proxy =
                        ManagedProxy.start(Xds.bootstrap(protocol, ads.port())).awaitReady();
                AdminView admin = AdminView.of(proxy.proxy(), proxy.origin())) {
            ClustersConfigDump first = clusters(admin);
            DynamicCluster good = only(first);
            assertThat(first.getStaticClusters(0).hasLastUpdated()).isTrue();
            assertThat(Timestamps.isValid(good.getLastUpdated())).isTrue();

            assertThat(answers(admin))
                    .as("accepted answers, and no others")
                    .matches(
                            """
                            cluster_manager\\.cds\\.update_success: [1-9]\\d*
                            listener_manager\\.lds\\.update_success: [1-9]\\d*
                            """);

            Cluster bad = slow(-1);
            config.put(CDS, "old", bad);
            ManagedProxy.until("the refusal", () -> isRefused(admin));
            DynamicCluster both = only(clusters(admin));
            UpdateFailureState error = both.getErrorState();

            assertThat(both.toBuilder().clearErrorState().build())
                    .as("what is held")
                    .isEqualTo(good);
            assertThat(error.getDetails()).startsWith("cluster old: connect_timeout");
            assertThat(error.getVersionInfo()).isEqualTo("5");
            assertThat(error.getFailedConfiguration().unpack(Cluster.class)).isEqualTo(bad);
            assertThat(Timestamps.compare(error.getLastUpdateAttempt(), both.getLastUpdated()))
                    .as("the attempt is after what is held")
                    .isNotNegative();

            assertThat(answers(admin))
                    .as("with the refusal")
                    .containsPattern("cluster_manager\\.cds\\.update_rejected: [1-9]");

            config.put(CDS, "old", slow(2));
            ManagedProxy.until("its correction", () -> !isRefused(admin));
            DynamicCluster corrected = only(clusters(admin));

            assertThat(corrected.getVersionInfo()).isEqualTo("6");
            assertThat(Timestamps.compare(corrected.getLastUpdated(), error.getLastUpdateAttempt()))
                    .as("the correction is after the attempt")
                    .isNotNegative();
        }
    }

    /** As Istio's agent asks for them. */
    private static String answers(AdminView admin) throws Exception {
        return admin.get(
                        "/stats?usedonly&filter=^(cluster_manager\\.cds|listener_manager\\.lds)"
                                + "\\.(update_success|update_rejected)$")
                .body()
                .text();
    }

    private static Cluster slow(int seconds) {
        return Xds.cluster("old").toBuilder()
                .setConnectTimeout(Duration.newBuilder().setSeconds(seconds))
                .build();
    }

    @Test
    void what_was_never_accepted_is_dumped_with_its_error_alone_and_without_its_key()
            throws Exception {
        Issued issued = TestCertificates.in(folder).issue("shop", "shop.test");
        StandingConfig config =
                new StandingConfig()
                        .put(CDS, "old", slow(-1))
                        .put(
                                LDS,
                                "main",
                                Xds.secured(Xds.listener("main", "r"), issued).toBuilder()
                                        .clearAddress()
                                        .build());
        try (ScriptedAds ads = ScriptedAds.serving(config, GATES);
                ManagedProxy proxy = ManagedProxy.start(Xds.bootstrap("GRPC", ads.port()));
                AdminView admin = AdminView.of(proxy.proxy(), proxy.origin())) {
            ManagedProxy.until(
                    "both refusals",
                    () ->
                            proxy.origin().sent().refused().stream()
                                    .map(RefusedResource::name)
                                    .collect(Collectors.toSet())
                                    .equals(Set.of("main", "old")));
            ConfigDump dump = admin.dump("/config_dump?name_regex=main|old");
            DynamicCluster cluster =
                    dump.getConfigs(1)
                            .unpack(ClustersConfigDump.class)
                            .getDynamicWarmingClusters(0);
            DynamicListener listener =
                    dump.getConfigs(2).unpack(ListenersConfigDump.class).getDynamicListeners(0);

            assertThat(cluster.hasCluster()).isFalse();
            assertThat(cluster.getErrorState().getDetails()).contains("connect_timeout");
            assertThat(listener.getName()).isEqualTo("main");
            assertThat(listener.hasActiveState() || listener.hasWarmingState()).isFalse();
            assertThat(listener.getErrorState().getDetails()).startsWith("listener main: address");
            assertThat(admin.get("/config_dump").body().text())
                    .contains("[redacted]")
                    .doesNotContain(key(issued));
        }
    }

    /** The first line of the key, which is nowhere else. */
    private static String key(Issued issued) throws Exception {
        return Files.readAllLines(issued.keyFile()).get(1);
    }
}
